import { make } from './dom.ts'

let last = 0

/** A modal dialog with a heading; removed when it closes. `Escape` closes it. */
export function openDialog(title: string, ...children: (Node | string)[]): HTMLDialogElement {
  last += 1
  const id = `dialog-title-${last}`
  const dialog = make('dialog', { class: 'fill-dialog', 'aria-labelledby': id, close: () => dialog.remove() })
  dialog.append(make('h2', { id, class: 'h4' }, title), ...children)
  document.body.append(dialog)
  dialog.showModal()
  return dialog
}

type Question = { title: string; text: string; yes: string; no: string }

/** Asks before something is lost. The safe answer has the focus. */
export function ask({ title, text, yes, no }: Question): Promise<boolean> {
  return new Promise((resolve) => {
    const safe = make(
      'button',
      { type: 'submit', value: 'no', class: 'btn btn-outline-secondary', autofocus: true },
      no,
    )
    const sure = make('button', { type: 'submit', value: 'yes', class: 'btn btn-danger' }, yes)
    const choices = make('form', { method: 'dialog', class: 'dialog-choices' }, safe, sure)
    const dialog = openDialog(title, make('p', {}, text), choices)
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'))
  })
}
