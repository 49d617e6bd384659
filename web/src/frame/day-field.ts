import { Formio } from '@formio/js/form'

type Month = { value: number | ''; label: string }
/** What we use of form.io's day field, whose types say nothing of it. */
type Day = { t(text: string): string }

/** form.io names the months in English alone; it has the words of every language under their names in lower case. */
export function translateMonths(): void {
  const day: Day = Formio.Components.components.day.prototype
  const months = Object.getOwnPropertyDescriptor(day, 'months')?.get
  Object.defineProperty(day, 'months', {
    configurable: true,
    get(this: Day): Month[] {
      const english: Month[] = months?.call(this) ?? []
      return english.map(({ value, label }) => ({ value, label: value === '' ? label : this.t(label.toLowerCase()) }))
    },
  })
}

/** Day, month and year are told apart by those who hear their names: form.io gives all three the name of the whole. */
export function nameDayParts(root: HTMLElement, texts: Record<string, string>): void {
  for (const part of ['day', 'month', 'year']) {
    const where = `.formio-component-day [ref=${part}][aria-labelledby]`
    for (const input of root.querySelectorAll(where)) {
      const [id = ''] = (input.getAttribute('aria-labelledby') ?? '').split(' ')
      const label = document.getElementById(id)?.textContent?.trim()
      if (!label) continue
      input.setAttribute('aria-label', `${label}, ${texts[part]}`)
      input.removeAttribute('aria-labelledby')
    }
  }
}
