import type { FieldError } from '../frame/protocol.ts'
import { make } from './dom.ts'
import { t } from './texts.ts'

/** Lists what is wrong, each problem a link to its field, and takes the focus. */
export function showSummary(place: HTMLElement, errors: FieldError[], goTo: (path: string) => void): void {
  const items = errors.map((error) => make('li', {}, error.path ? link(error, goTo) : error.message))
  const heading = make('h2', { id: 'summary-title', class: 'h4' }, t('summaryTitle'))
  const box = make(
    'div',
    { class: 'error-summary', role: 'alert', tabindex: '-1', 'aria-labelledby': 'summary-title' },
    heading,
    make('p', {}, t('summaryText', { count: errors.length })),
    make('ul', {}, ...items),
  )
  place.replaceChildren(box)
  box.focus()
  box.scrollIntoView({ block: 'start' })
}

export function hideSummary(place: HTMLElement): void {
  place.replaceChildren()
}

function link({ path, message }: FieldError, goTo: (path: string) => void): HTMLElement {
  // Where it leads lies inside the frame, which no fragment reaches.
  const go = (event: Event) => {
    event.preventDefault()
    goTo(path)
  }
  return make('a', { href: '#form', click: go }, message)
}

/** The label of a field in a form.io definition, by the last key of its path. */
export function labelAt(components: unknown, path: string): string | undefined {
  const key = path
    .split('.')
    .at(-1)
    ?.replace(/\[\d+\]$/, '')
  if (typeof components !== 'object' || components === null) return undefined
  if (!Array.isArray(components)) {
    const { key: own, label, type } = components as Record<string, unknown> // any JSON object has these or not
    if (own === key && typeof label === 'string' && typeof type === 'string') return label
  }
  for (const each of Object.values(components)) {
    const found = typeof each === 'object' ? labelAt(each, path) : undefined
    if (found) return found
  }
  return undefined
}
