import { button, make } from './dom.ts'
import type { Filling } from './fill-in.ts'
import { notice } from './notice.ts'
import { t } from './texts.ts'

type Actions = { submit(): void; saveDraft(): void }
const slowMs = 1000

/** What stands below the form: its buttons, and what became of pressing them. */
export function drawControls({ page, place, form, person, draft }: Filling, actions: Actions) {
  const submit = button(t('submit'), 'primary btn-lg', actions.submit, { hidden: true })
  const mayKeepDrafts =
    person !== null && !place.embedded && (form.enableSubmitterDraft === true || draft !== undefined)
  const keep = button(t('saveDraft'), 'outline-secondary btn-lg', actions.saveDraft, { hidden: true })
  const progress = make('p', { role: 'status', class: 'fill-progress' })
  const outcome = make('div', { role: 'alert' })
  page.below.replaceChildren(outcome, make('div', { class: 'fill-buttons no-print' }, submit, keep), progress)
  if (!place.embedded) page.below.append(make('p', { class: 'fill-kept no-print' }, t('keptHere')))

  const clear = () => outcome.replaceChildren()
  const say = (look: 'info' | 'warning' | 'danger', text: string, ...choices: HTMLElement[]) => {
    const box = notice(look, text, ...choices)
    outcome.replaceChildren(box)
    box.scrollIntoView({ block: 'nearest' })
  }
  return {
    clear,
    say,
    /** The form stands. A form with a submit button of its own, and every wizard, submits by that. */
    ready(hasSubmit: boolean): void {
      submit.hidden = hasSubmit
      keep.hidden = !mayKeepDrafts
    },
    /** Keeps the buttons from being pressed twice, and says what is going on once it takes long. */
    async during<T>(words: string, work: () => Promise<T>): Promise<T> {
      clear()
      submit.disabled = true
      keep.disabled = true
      submit.textContent = t('sendingShort')
      const slow = setTimeout(() => progress.replaceChildren(words), slowMs)
      try {
        return await work()
      } finally {
        clearTimeout(slow)
        progress.replaceChildren()
        submit.disabled = false
        keep.disabled = false
        submit.textContent = t('submit')
      }
    },
    /** Offers once more when the network is back. */
    whenOnline(again: () => void): void {
      const offer = () => {
        if (outcome.hasChildNodes()) say('info', t('backOnline'), button(t('sendAgain'), 'primary', again))
      }
      window.addEventListener('online', offer, { once: true })
    },
  }
}
