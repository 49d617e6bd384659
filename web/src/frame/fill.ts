import { Formio } from '@formio/js/form'
import { fileService } from './files.ts'
import type { Part, Say } from './main.ts'
import { type Objections, objectionsOf } from './objections.ts'
import type { Answers, FieldError, FrameStart, ToFrame } from './protocol.ts'
import { readingLayout } from './reading-layout.ts'
import { keepRepaired } from './repairs.ts'

const changeDelayMs = 250

/** Draws the form to be filled in or, in mode `view`, to be read. */
export async function openForm(
  root: HTMLElement,
  options: FrameStart,
  texts: Record<string, string>,
  say: Say,
): Promise<Part> {
  // form.io brings English, as `en` without a region.
  const language = options.language.startsWith('en') ? 'en' : options.language
  const files = fileService(say, options.files === true, texts)
  const definition = options.mode === 'view' ? readingLayout(options.definition) : options.definition
  const form = await Formio.createForm(root, definition, {
    language,
    i18n: { [language]: texts },
    noAlerts: true,
    readOnly: options.mode === 'view',
    fileService: files.service,
    // The page listens to us alone: nothing is fetched, stored or sent by form.io itself.
    noDefaults: false,
  })
  form.nosubmit = true
  keepRepaired(root, texts)
  if (options.answers) await form.setSubmission({ data: structuredClone(options.answers) })
  if (options.mode !== 'view') listen(form, say)
  say({ type: 'rendered', hasSubmit: hasSubmit(form) })
  const objections = objectionsOf(form)
  return { hear: (message) => hear(form, message, { hearFile: files.hear, objections, say }) }
}

// biome-ignore lint/suspicious/noExplicitAny: form.io's types do not describe the form that it creates.
type Webform = any

function listen(form: Webform, say: Say): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let touched = false
  // What form.io fills in by itself is no answer of a person, and nothing to be kept.
  for (const event of ['keydown', 'pointerdown', 'input', 'drop', 'paste']) {
    document.addEventListener(event, () => (touched = true), { capture: true, once: true })
  }
  form.on('change', () => {
    if (!touched) return
    clearTimeout(timer)
    timer = setTimeout(() => say({ type: 'change', answers: answersOf(form) }), changeDelayMs)
  })
  // Called when the answers are valid. form.io's own would announce success; here the page has yet to send them.
  form.onSubmit = (submission: { data?: Answers }) => {
    clearTimeout(timer)
    say({ type: 'submit', answers: plain(submission.data) })
    return submission
  }
  form.on('error', (errors: unknown) => {
    if (Array.isArray(errors)) say({ type: 'invalid', errors: errorsIn(errors) })
  })
  const turned = ({ page }: { page: number }) => say({ type: 'turned', page, pages: form.pages?.length ?? 1 })
  form.on('nextPage', turned)
  form.on('prevPage', turned)
}

type Hearing = { hearFile(message: ToFrame): void; objections: Objections; say: Say }

function hear(form: Webform, message: ToFrame, { hearFile, objections, say }: Hearing): void {
  switch (message.type) {
    case 'submit':
      // Rejects when a field is invalid, and has told us by its 'error' event then.
      form.submit().catch(() => undefined)
      break
    case 'collect':
      say({ type: 'change', answers: answersOf(form) })
      break
    case 'submitted':
      letGo(form)
      objections.show([])
      break
    case 'errors':
      objections.show(
        message.errors.flatMap(({ path, message: text }) => {
          const component = componentAt(form, path)
          return component ? [{ component, message: text }] : []
        }),
      )
      break
    case 'focus':
      focus(form, message.path, say)
      break
    default:
      hearFile(message)
  }
}

/** The form may be changed and submitted once more. */
function letGo(form: Webform): void {
  form.loading = false
  form.submitting = false
  form.submissionInProcess = false
  form.everyComponent((component: Webform) => {
    if (!component.component?.type?.includes('button')) return
    component.loading = false
    component.disabled = component.shouldDisabled
  })
}

function answersOf(form: Webform): Answers {
  return plain(form.submission?.data)
}

/** As JSON would carry it: what is no JSON would not arrive at the server either. */
function plain(answers: Answers | undefined): Answers {
  return JSON.parse(JSON.stringify(answers ?? {}))
}

type FormioError = {
  message?: string
  component?: { label?: string; key?: string }
  formattedKeyOrPath?: string
  path?: string
  messages?: { message: string; path: string }[]
}

function errorsIn(errors: FormioError[]): FieldError[] {
  const found = errors.map((error) => ({
    path: error.formattedKeyOrPath || error.path || error.messages?.[0]?.path || error.component?.key || '',
    label: error.component?.label ?? '',
    message: error.message ?? error.messages?.[0]?.message ?? '',
  }))
  // form.io lists a field's problem once for each place that found it.
  return [...new Map(found.map((error) => [`${error.path} ${error.message}`, error])).values()]
}

/** By path first, then by its last key: server and form.io write the path of a row's field differently. */
function componentAt(form: Webform, path: string): Webform | undefined {
  const key = path.replace(/^data\./, '')
  return form.getComponent(key) ?? form.getComponent(key.split('.').at(-1) ?? '')
}

function focus(form: Webform, path: string, say: Say): void {
  const component = componentAt(form, path)
  const element: HTMLElement | undefined = component?.element
  if (!element) return
  // In a wizard the field may be on another page.
  const page = form.pages?.findIndex((each: Webform) => each.getComponent?.(component.path) !== undefined) ?? -1
  const shown = page >= 0 && page !== form.page ? form.setPage(page) : Promise.resolve()
  void Promise.resolve(shown).then(() => {
    component.focus()
    say({ type: 'focused', top: (component.element ?? element).getBoundingClientRect().top })
  })
}

function hasSubmit(form: Webform): boolean {
  if (form.wizard || form._form?.display === 'wizard') return true
  let found = false
  form.everyComponent((component: Webform) => {
    if (component.type && component.component?.action === 'submit' && /button/.test(component.type)) found = true
    if (component.component?.type?.includes('button') && (component.component.action ?? 'submit') === 'submit')
      found = true
  })
  return found
}
