import { nameDayParts } from './day-field.ts'
import { repairSelects, watchedInSelects } from './select-repairs.ts'

/**
 * What form.io's templates leave out for people who use a keyboard or a screen reader. Its components redraw themselves as
 * they like, so the repairs are made again after each change of the document.
 */
export function keepRepaired(root: HTMLElement, texts: Record<string, string>): void {
  let waiting = false
  const repair = () => {
    waiting = false
    nameDayParts(root, texts)
    for (const each of repairs) for (const element of root.querySelectorAll<HTMLElement>(each.where)) each.mend(element)
    repairSelects(root)
    // A choice that was given no label yet, in the preview of a field that is being set up.
    for (const input of root.querySelectorAll<HTMLInputElement>('input[type=radio]:not([aria-label])'))
      if (input.labels && ![...input.labels].some((label) => label.textContent?.trim()))
        input.setAttribute('aria-label', texts.choiceWithoutLabel ?? '')
    for (const [where, text] of names)
      for (const element of root.querySelectorAll(`${where}:not([aria-label])`))
        element.setAttribute('aria-label', texts[text] ?? '')
    for (const [where, text] of tools)
      for (const tool of root.querySelectorAll<HTMLElement>(`.ql-toolbar ${where}:not([data-named])`)) {
        tool.setAttribute('aria-label', texts[text] ?? '')
        tool.dataset.named = ''
      }
    for (const button of root.querySelectorAll<HTMLElement>('.choices__button:not([data-named])')) {
      const chosen = button.parentElement?.firstChild?.textContent?.trim() ?? ''
      button.textContent = texts.remove ?? ''
      button.setAttribute('aria-label', (texts.removeChosen ?? '').replace('{{name}}', chosen))
      button.dataset.named = ''
    }
  }
  const soon = () => {
    if (!waiting) setTimeout(repair, pauseMs)
    waiting = true
  }
  new MutationObserver(soon).observe(root, { childList: true, subtree: true, attributeFilter: watchedInSelects })
  soon()
}

/** A large form is drawn in many steps; a repair after each of them would take longer than the drawing. */
const pauseMs = 20

/** What has no name at all, and the text that names it. */
const names = [
  ['[ref=tooltip]', 'moreHelp'],
  ['.formio-drag-button', 'rowByDragging'],
  ['.signature-pad-canvas', 'signHere'],
  ['.ql-header .ql-picker-label', 'textHeading'],
  ['.ql-size .ql-picker-label', 'textSize'],
  ['.ql-font .ql-picker-label', 'textFont'],
  ['.ql-color .ql-picker-label', 'textColour'],
  ['.ql-background .ql-picker-label', 'textBackground'],
  ['.ql-align .ql-picker-label', 'textAlign'],
] as const

/** The text editor names its buttons in English, by what they do to its document. */
const tools = [
  ['.ql-bold', 'textBold'],
  ['.ql-italic', 'textItalic'],
  ['.ql-underline', 'textUnderline'],
  ['.ql-strike', 'textStrike'],
  ['.ql-script[value=sub]', 'textSubscript'],
  ['.ql-script[value=super]', 'textSuperscript'],
  ['.ql-clean', 'textClean'],
  ['.ql-list[value=ordered]', 'textNumbered'],
  ['.ql-list[value=bullet]', 'textBulleted'],
  ['.ql-indent[value="-1"]', 'textOutdent'],
  ['.ql-indent[value="+1"]', 'textIndent'],
  ['.ql-blockquote', 'textQuote'],
  ['.ql-code-block', 'textCode'],
  ['.ql-link', 'textLink'],
  ['.ql-image', 'textImage'],
  ['.ql-video', 'textVideo'],
  ['.ql-formula', 'textFormula'],
  ['.ql-source', 'textSource'],
] as const

type Repair = { where: string; mend(element: HTMLElement): void }

const repairs: Repair[] = [
  // Icons that act: buttons to everybody, and by the keyboard too.
  { where: 'i[ref=removeLink]:not([role])', mend: asButton },
  { where: 'i[ref=tooltip]:not([role])', mend: (icon) => icon.setAttribute('role', 'button') },
  // The tab itself is what takes the focus, so the item around it is none.
  {
    where: 'li[role=tab]',
    mend(item) {
      item.setAttribute('role', 'presentation')
      const link = item.querySelector('a')
      link?.setAttribute('role', 'tab')
      link?.setAttribute('aria-selected', String(link.classList.contains('active')))
    },
  },
  {
    where: '[role=tab][aria-selected]',
    mend: (link) => link.setAttribute('aria-selected', String(link.classList.contains('active'))),
  },
  // Choices.js calls the chosen item an option of a list, though it is in none and holds a button that removes it.
  {
    where: '.choices__list--single[role=listbox], .choices__list--multiple[role=listbox]',
    mend: (list) => list.removeAttribute('role'),
  },
  // To be read only, each choice has its label beside it as mere text.
  {
    where: '.form-check > input:not([aria-label]):not([aria-labelledby])',
    mend(input) {
      const text = input.nextElementSibling
      if (text?.matches('span') && text.textContent?.trim()) input.setAttribute('aria-label', text.textContent.trim())
    },
  },
  {
    where: '.formio-editor-read-only-content:not([aria-label]), .choices__input--cloned:not([aria-label])',
    mend(field) {
      const label = field.closest('.formio-component')?.querySelector('label[ref=label]')
      field.setAttribute('aria-label', label?.textContent?.trim() ?? '')
    },
  },
  // A panel's head is a button if it folds the panel, also where answers are only read, and else it is none.
  { where: '.card-header[role=presentation][tabindex]', mend: (head) => head.setAttribute('role', 'button') },
  {
    where: '.card-header[role][aria-expanded]:not([tabindex])',
    mend(head) {
      for (const name of ['role', 'aria-expanded', 'aria-controls']) head.removeAttribute(name)
    },
  },
  {
    where: '.choices__list--single > [role=option], .choices__list--multiple > [role=option]',
    mend(item) {
      item.removeAttribute('role')
      item.removeAttribute('aria-selected')
    },
  },
  // A survey names its radio buttons by their places in a table alone.
  {
    where: '.formio-component-survey td input:not([aria-label])',
    mend(input) {
      const cell = input.closest('td')
      const row = cell?.closest('tr')
      const question = row?.querySelector('td, th')?.textContent?.trim()
      const column = cell && row ? [...row.children].indexOf(cell) : -1
      const answer = row?.closest('table')?.querySelectorAll('thead th')[column]?.textContent?.trim()
      input.setAttribute('aria-label', `${question}: ${answer}`)
    },
  },
  { where: 'thead th:empty, thead th.formio-empty', mend: asCell },
  // In a grid the table's head shows the labels and each field hides its own: the head is what names it.
  {
    where: 'td .control-label--hidden + [ref=element] [aria-labelledby]:not([data-named])',
    mend(field) {
      const cell = field.closest('td')
      const row = cell?.closest('tr')
      const column = cell && row ? [...row.children].indexOf(cell) : -1
      const heading = row?.closest('table')?.querySelectorAll('thead th')[column]
      if (!heading?.textContent?.trim()) return
      heading.id ||= `head-${column}-${field.id}`
      field.setAttribute('aria-labelledby', heading.id)
      field.dataset.named = ''
    },
  },
]

function asButton(icon: HTMLElement): void {
  icon.setAttribute('role', 'button')
  icon.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    icon.click()
  })
}

/** An empty corner of a table is no heading. */
function asCell(heading: HTMLElement): void {
  const cell = document.createElement('td')
  for (const { name, value } of heading.attributes) cell.setAttribute(name, value)
  heading.replaceWith(cell)
}
