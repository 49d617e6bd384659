import { languageNames } from '../i18n/languages.ts'
import { type ColorScheme, chooseScheme, chosenScheme } from '../theme/color-scheme.ts'
import { make } from './dom.ts'
import type { Place } from './place.ts'
import { t } from './texts.ts'

/** The places of the page that the rest fills. */
export type Page = {
  heading: HTMLElement
  description: HTMLElement
  /** What has to be said before the form: kept answers, drafts, trouble. */
  above: HTMLElement
  summary: HTMLElement
  form: HTMLElement
  below: HTMLElement
}

/** Draws the empty page, in which the frame can begin to load while the words of the language are still on their way. */
export function drawPage(root: HTMLElement, { embedded }: Place): Page {
  const page: Page = {
    heading: make('h1', { tabindex: '-1', class: embedded ? 'visually-hidden' : undefined }),
    description: make('p', { class: 'fill-description', hidden: true }),
    above: make('div', { class: 'fill-above' }),
    summary: make('div', {}),
    form: make('div', { class: 'fill-form' }),
    below: make('div', { class: 'fill-below' }),
  }
  const { heading, description, above, summary, form, below } = page
  const main = make('main', { id: 'content', class: 'fill-in' }, heading, description, above, summary, form, below)
  root.replaceChildren(main)
  document.body.classList.toggle('embedded', embedded)
  return page
}

/** Adds what stands around the form; embedded, the page is nothing but the form. */
export function putWords({ heading }: Page, { embedded }: Place, chooseLanguage: (language: string) => void): void {
  heading.textContent = t('loading')
  // Beside what is there: a frame that is moved would load anew.
  const main = heading.closest('main')
  if (!embedded) {
    main?.before(skipLink())
    main?.after(footer(chooseLanguage))
  }
}

function skipLink(): HTMLElement {
  return make('a', { class: 'skip-link', href: '#content' }, t('skipToContent'))
}

/** The pages of the operator that concern a respondent. */
const operatorPages = ['terms', 'privacy', 'accessibility']

function footer(chooseLanguage: (language: string) => void): HTMLElement {
  const links = operatorPages.map((name) =>
    make('a', { href: `/app/pages/${name}`, target: '_blank' }, t(`footer.${name}`)),
  )
  const languages = Object.entries(languageNames)
  const schemes: [string, string][] = [
    ['system', t('schemeSystem')],
    ['light', t('schemeLight')],
    ['dark', t('schemeDark')],
  ]
  return make(
    'footer',
    { class: 'footer no-print' },
    make('nav', { 'aria-label': t('footerNavigation') }, ...links),
    make(
      'div',
      { class: 'footer-choices' },
      choice(t('language'), languages, document.documentElement.lang, chooseLanguage),
      choice(t('appearance'), schemes, chosenScheme(), (scheme) => chooseScheme(scheme as ColorScheme)), // from the list above
    ),
  )
}

function choice(
  label: string,
  options: [string, string][],
  chosen: string,
  choose: (value: string) => void,
): HTMLElement {
  const select = make('select', { class: 'form-select form-select-sm', change: () => choose(select.value) })
  for (const [value, text] of options) select.append(make('option', { value, selected: value === chosen }, text))
  return make('label', {}, make('span', {}, label), select)
}

/** Writes the form's name into the page and its title. */
export function nameForm(page: Page, name: string, description: string | null): void {
  page.heading.textContent = name
  page.description.textContent = description ?? ''
  page.description.hidden = !description
  document.title = t('pageTitle', { title: name })
}

/** Tells screen readers and brings the page's beginning into sight. */
export function focusHeading(page: Page): void {
  window.scrollTo(0, 0)
  page.heading.focus({ preventScroll: true })
}
