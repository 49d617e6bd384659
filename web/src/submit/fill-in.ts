import { isPressed, isUsed, watchPresses } from '../frame/activation.ts'
import type { FrameHandle } from '../frame/host.ts'
import type { Answers, Definition, FieldError, FrameStart, FromFrame } from '../frame/protocol.ts'
import type { formatting } from '../i18n/formatting.ts'
import { type Api, asProblem, type Form, type Person, type SubmissionWithForm, type Version } from './api.ts'
import { drawControls } from './controls.ts'
import { ask } from './dialog.ts'
import { button } from './dom.ts'
import { listDrafts, type SeenDraft, saveDraft } from './drafts.ts'
import { hideSummary, labelAt, showSummary } from './error-summary.ts'
import { notice } from './notice.ts'
import type { Page } from './page.ts'
import { addressOf, type Place } from './place.ts'
import { type AnswersStore, answersStore, type SavedAnswers } from './saved-answers.ts'
import { sending } from './sending.ts'
import { signInAgain } from './sign-in-again.ts'
import { showSuccess } from './success.ts'
import { t } from './texts.ts'
import { isLate, notSubmittedBecause } from './trouble.ts'
import { fileIdsIn, uploadsOf } from './uploads.ts'

export type Filling = {
  page: Page
  place: Place
  api: Api
  frame: FrameHandle
  format: ReturnType<typeof formatting>
  form: Form
  version: Version
  person: Person | null
  /** What the server keeps of a draft that is gone on with. */
  draft: (SeenDraft & { answers: Answers }) | undefined
  store: AnswersStore
  carried: Answers | undefined
  language: string
}

type Opened = { start: Omit<FrameStart, 'language' | 'theme'>; hear(message: FromFrame): void }

/** What the frame starts with, and what happens with what it says. */
export async function fillIn(filling: Filling): Promise<Opened> {
  const { page, place, api, frame, form, version, person, draft } = filling
  let { store } = filling
  const kept = await store.load()
  let seen: SeenDraft | undefined = draft
  const first = filling.carried ?? kept?.answers ?? draft?.answers
  let answers: Answers = first ?? {}
  const sender = sending(api, form.id, version.id, kept?.sendKey)
  const tokens = kept?.files ?? {}
  const uploads = uploadsOf({
    formId: form.id,
    withSession: !place.embedded,
    frame,
    tokens,
    draftFiles: fileIdsIn(draft?.answers),
    changed: () => remember(answers),
  })
  const controls = drawControls(filling, { submit: () => void submit(), saveDraft: () => void keepDraft() })
  if (isLate(form)) page.above.append(notice('warning', t('late')))
  if (kept && !filling.carried) page.above.append(keptNotice(filling, kept))
  if (person && form.enableSubmitterDraft)
    void listDrafts(filling).then((drafts) => drafts && page.above.prepend(drafts))

  function remember(given: Answers): void {
    answers = given
    const savedAt = new Date().toISOString()
    store.save({ versionId: version.id, savedAt, answers: given, sendKey: sender.key, files: tokens })
  }

  const goTo = (path: string) => {
    frame.element.focus()
    frame.send({ type: 'focus', path })
  }
  const showErrors = (errors: FieldError[]) => {
    controls.clear()
    if (errors.length > 0) showSummary(page.summary, errors, goTo)
  }

  const wasPressed = watchPresses()
  /** Whether the page's own button asked the frame for the answers. */
  let asked = false
  async function submit(): Promise<void> {
    await controls.during(t('waitingForFiles'), () => uploads.settled())
    asked = true
    frame.send({ type: 'submit' })
  }

  async function send(given: Answers): Promise<void> {
    if (sender.busy) return
    remember(given)
    store.flush()
    hideSummary(page.summary)
    try {
      const submission = await controls.during(t('sendingLong'), async () => {
        await uploads.settled()
        return await sender.send(given, seen)
      })
      await store.clear()
      frame.close()
      showSuccess(filling, submission)
    } catch (error) {
      await refused(error, given)
    }
  }

  async function refused(error: unknown, given: Answers): Promise<void> {
    const problem = asProblem(error)
    frame.send({ type: 'submitted', ok: false })
    if (problem.code === 'invalid_submission') {
      const errors = fieldErrors(problem.problem.errors ?? [], version.schema)
      frame.send({ type: 'errors', errors })
      showErrors(errors)
      return
    }
    if (problem.problem.status === 401 && person && (await signInAgain(api, person))) return send(given)
    const again = () => void send(given)
    if (problem.code === 'idempotency_key_reused') {
      // The first sending got there though its answer did not come back, and the answers were changed since.
      const anew = () => {
        sender.renew()
        again()
      }
      controls.say('warning', t('arrivedBefore'), button(t('sendChanged'), 'outline-secondary', anew))
      return
    }
    if (problem.code === 'changed_meanwhile') return offerToReplace(again)
    if (problem.code === 'submitted_elsewhere') {
      const anew = () => {
        seen = undefined
        sender.renew()
        again()
      }
      controls.say('warning', t('submittedElsewhere'), button(t('sendChanged'), 'outline-secondary', anew))
      return
    }
    controls.say('danger', notSubmittedBecause(problem), button(t('sendAgain'), 'outline-danger', again))
    if (problem.problem.status === 0) controls.whenOnline(again)
  }

  /** Another window saved this draft after this one had read it: nothing is overwritten unasked. */
  async function offerToReplace(again: () => void): Promise<void> {
    const id = seen?.id
    const now = id && (await api<SubmissionWithForm>(`/app/api/v1/submissions/${id}`).catch(() => undefined))
    const replace = () => {
      if (now) seen = now.submission
      again()
    }
    controls.say('warning', t('draftChanged'), button(t('replaceDraft'), 'outline-secondary', replace))
  }

  async function keepDraft(): Promise<void> {
    try {
      const given = await collected()
      const saved = await controls.during(t('savingDraft'), async () => {
        await uploads.settled()
        return await saveDraft(api, filling, seen, given)
      })
      await store.clear()
      if (saved.id !== seen?.id) {
        history.replaceState(null, '', addressOf(place, saved.id))
        store = answersStore(form.id, person?.id ?? 'anyone', saved.id)
      }
      seen = saved
      page.above.querySelector('.kept-notice')?.remove()
      controls.say('info', t('draftSaved', { time: filling.format.dateTime(new Date().toISOString()) }))
    } catch (error) {
      const problem = asProblem(error)
      if (problem.problem.status === 401 && person && (await signInAgain(api, person))) return keepDraft()
      if (problem.code === 'changed_meanwhile') return offerToReplace(() => void keepDraft())
      controls.say('danger', t('draftNotSaved', { reason: notSubmittedBecause(problem) }))
    }
  }

  /** The answers as they are now, what was typed a moment ago too. */
  let heard = (_: Answers) => {}
  function collected(): Promise<Answers> {
    frame.send({ type: 'collect' })
    return new Promise((resolve) => {
      heard = resolve
    })
  }

  function hear(message: FromFrame): void {
    switch (message.type) {
      case 'rendered':
        controls.ready(message.hasSubmit)
        break
      case 'change':
        remember(message.answers)
        heard(message.answers)
        break
      case 'submit':
        // The form's own button was pressed a moment ago; what its script says by itself, nobody pressed.
        if (asked || wasPressed()) void send(message.answers)
        asked = false
        break
      case 'invalid':
        asked = false
        showErrors(message.errors)
        break
      case 'focused':
        scrollToField(frame, message.top)
        break
      case 'turned':
        hideSummary(page.summary)
        page.form.scrollIntoView({ block: 'start' })
        break
      default:
        if (message.type === 'download' ? isPressed() : isUsed()) uploads.hear(message)
    }
  }

  // Only definitions that the server took are published.
  const definition = version.schema as Definition
  return { start: { mode: 'fill', definition, files: true, ...(first ? { answers: first } : {}) }, hear }
}

function keptNotice({ store, place, format, version }: Filling, kept: SavedAnswers): HTMLElement {
  const time = format.dateTime(kept.savedAt)
  const text = kept.versionId === version.id ? t('keptFrom', { time }) : t('keptFromOlder', { time })
  const startAgain = async () => {
    const question = {
      title: t('startAgainTitle'),
      text: t('startAgainText'),
      yes: t('startAgain'),
      no: t('keepAnswers'),
    }
    if (!(await ask(question))) return
    await store.clear()
    location.assign(addressOf(place, place.draftId))
  }
  const box = notice(
    'info',
    text,
    button(t('startAgain'), 'outline-secondary', () => void startAgain()),
  )
  box.classList.add('kept-notice')
  return box
}

/** The server's problems as the summary shows them, each with the label of its field. */
function fieldErrors(errors: { path?: string; key?: string; message: string }[], schema: unknown): FieldError[] {
  return errors.map(({ path = '', message }) => ({ path, label: labelAt(schema, path) ?? '', message }))
}

/** The page scrolls, not the frame: to where the field stands, with room for its label above it. */
function scrollToField(frame: FrameHandle, topInFrame: number): void {
  const above = 96
  window.scrollTo({ top: window.scrollY + frame.element.getBoundingClientRect().top + topInFrame - above })
}
