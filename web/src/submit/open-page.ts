import { openFrame } from '../frame/host.ts'
import type { Answers, FrameStart, FromFrame } from '../frame/protocol.ts'
import { formatting } from '../i18n/formatting.ts'
import { localeFor } from '../i18n/languages.ts'
import { followScheme, shownTheme } from '../theme/color-scheme.ts'
import { type Api, apiWith, asProblem, type Form, type Person, type Session, type SubmissionWithForm } from './api.ts'
import { make } from './dom.ts'
import { reportHeight } from './embedding.ts'
import { fillIn } from './fill-in.ts'
import { drawPage, focusHeading, nameForm, type Page, putWords } from './page.ts'
import type { Place } from './place.ts'
import { answersStore, forgetful } from './saved-answers.ts'
import { loadTexts, t } from './texts.ts'
import { alreadySubmitted, closedBecause, drawTrouble, type Trouble, troubleOf } from './trouble.ts'

type ChangeLanguage = (chosen: string, current: Answers | undefined) => void

/**
 * Opens the form that the address names. The frame starts to load at once, beside the page's own texts and the calls that
 * bring the form: its script is most of what there is to load.
 * @param carried answers that were given in the same page before, in another language
 */
export async function openPage(
  root: HTMLElement,
  place: Place,
  language: string,
  carried: Answers | undefined,
  changeLanguage: ChangeLanguage,
): Promise<void> {
  let current = carried
  let close = () => {}
  const page = drawPage(root, place)
  const api = apiWith(!place.embedded)
  const begun = Promise.withResolvers<FrameStart>()
  let hear = (_: FromFrame) => {}
  const frame = openFrame(page.form, {
    title: '',
    mode: 'fill',
    start: begun.promise,
    onMessage: (message) => hear(message),
  })
  const loaded = load(api, place)
  // Looked at once the words are there to say it in.
  loaded.catch(() => undefined)
  await loadTexts(language)
  frame.element.title = t('formTitle')
  putWords(page, place, (chosen) => {
    close()
    changeLanguage(chosen, current)
  })
  const loading = make('p', { role: 'status', class: 'fill-loading' }, t('formLoading'))
  page.form.prepend(loading)
  frame.element.classList.add('fill-waiting')
  const unfollow = followScheme((theme) => frame.send({ type: 'theme', theme }))
  const stopReporting = place.embedded ? reportHeight() : () => {}
  close = () => {
    unfollow()
    stopReporting()
    frame.close()
  }
  const stop = (trouble: Trouble) => {
    close()
    loading.remove()
    refuse(page, trouble, () => changeLanguage(language, current))
  }
  const format = formatting(localeFor(language))

  loaded.then(
    async ({ form, person, draft }) => {
      nameForm(page, form.name, form.description)
      frame.element.title = form.name
      if (draft && !draft.submission.draft) return stop(alreadySubmitted(place))
      // Whoever goes on with a draft goes on in its version.
      const version = draft?.version ?? form.versions[0]
      const closed = closedBecause(form, format.dateTime)
      if (closed || !version) return stop(closed ?? { title: t('notPublishedTitle'), text: t('notPublishedText') })
      document.body.classList.toggle('wide', form.wideFormLayout === true)
      const store = place.embedded ? forgetful : answersStore(form.id, person?.id ?? 'anyone', place.draftId)
      const kept = draft && { ...draft.submission, answers: draft.submission.submission.data }
      const who = { person, store, draft: kept, carried, language }
      const filling = await fillIn({ page, place, api, frame, format, form, version, ...who })
      hear = (message) => {
        if (message.type === 'change' || message.type === 'submit') current = message.answers
        if (message.type === 'rendered') {
          loading.remove()
          frame.element.classList.remove('fill-waiting')
        }
        if (message.type === 'failed')
          return stop({ title: t('brokenTitle'), text: t('formFailed', { reason: message.message }) })
        filling.hear(message)
      }
      begun.resolve({ ...filling.start, language: localeFor(language), theme: shownTheme() })
    },
    async (error: unknown) => {
      stop(troubleOf(asProblem(error), place))
      await nameWithoutForm(api, place, page)
    },
  )
}

type Loaded = { form: Form; person: Person | null; draft: SubmissionWithForm | undefined }

async function load(api: Api, { formId, draftId, embedded }: Place): Promise<Loaded> {
  const [form, session, draft] = await Promise.all([
    api<Form>(`/app/api/v1/forms/${encodeURIComponent(formId)}/version`),
    embedded ? undefined : api<Session>('/app/api/auth/get-session'),
    draftId ? api<SubmissionWithForm>(`/app/api/v1/submissions/${encodeURIComponent(draftId)}`) : undefined,
  ])
  return { form, person: session?.user ?? null, draft }
}

/** A form that only some may read still has a name for everybody. */
async function nameWithoutForm(api: Api, place: Place, page: Page): Promise<void> {
  try {
    const { name, description } = await api<Form>(`/app/api/v1/forms/${encodeURIComponent(place.formId)}/options`)
    nameForm(page, name, description)
  } catch {
    page.heading.textContent = t('form')
  }
}

function refuse(page: Page, trouble: Trouble, retry: () => void): void {
  if (page.heading.textContent === t('loading')) page.heading.textContent = t('form')
  page.heading.classList.remove('visually-hidden')
  page.form.replaceChildren(drawTrouble(trouble, retry))
  page.below.replaceChildren()
  focusHeading(page)
}
