/**
 * form.io gives the focus of a list to choose from (Choices.js) to an element without role or name, inside one with both
 * that never has the focus: who cannot see it heard nothing. Here the one with the focus becomes the combobox.
 */
export function repairSelects(root: HTMLElement): void {
  for (const outer of root.querySelectorAll<HTMLElement>('.choices')) {
    const inner = outer.querySelector<HTMLElement>(':scope > .form-control')
    if (!inner) continue
    const isOpen = outer.classList.contains('is-open')
    for (const name of passedOn) outer.removeAttribute(name)
    if (outer.dataset.type === 'select-one') nameCombobox(inner, isOpen)
    repairSearch(outer, isOpen)
  }
  // Browsers fill it in by themselves; a person has the list.
  for (const field of root.querySelectorAll('.formio-select-autocomplete-input')) set(field, 'aria-hidden', 'true')
}

/** Whatever changes without a change of the tree, when a list opens or closes. */
export const watchedInSelects = ['aria-expanded']

const passedOn = ['role', 'aria-haspopup', 'aria-autocomplete', 'aria-expanded', 'aria-activedescendant']

function nameCombobox(inner: HTMLElement, isOpen: boolean): void {
  const select = inner.querySelector('select')
  const label = select?.getAttribute('aria-labelledby')
  set(inner, 'role', 'combobox')
  set(inner, 'aria-haspopup', 'listbox')
  set(inner, 'aria-expanded', String(isOpen))
  set(inner, 'aria-required', select?.getAttribute('aria-required') ?? 'false')
  const chosen = inner.querySelector<HTMLElement>('.choices__item > span')
  if (chosen && label) chosen.id ||= `${label}-chosen`
  if (label) set(inner, 'aria-labelledby', chosen ? `${label} ${chosen.id}` : label)
}

/** The field in which one searches holds the list that it searches. */
function repairSearch(outer: HTMLElement, isOpen: boolean): void {
  const field = outer.querySelector('input[type=search]')
  const dropdown = outer.querySelector<HTMLElement>('.choices__list--dropdown')
  const list = dropdown?.querySelector('[role=listbox]')
  dropdown?.removeAttribute('aria-expanded')
  if (!field || !list) return
  list.id ||= `list-${outer.querySelector('select')?.id}`
  const name = field.getAttribute('aria-label')
  if (name) set(list, 'aria-label', name)
  set(field, 'role', 'combobox')
  set(field, 'aria-controls', list.id)
  set(field, 'aria-expanded', String(isOpen))
}

/** Sets what is not so yet: setting it again would be another change to be told of. */
function set(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value)
}
