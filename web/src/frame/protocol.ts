/**
 * What a page and the form.io frame say to each other, over one MessagePort. The frame runs scripts of the form's
 * author, so whatever comes out of it is as untrusted as a stranger's request: the page parses it here, and asks itself
 * for each message what a hostile form could do with it.
 */

/** Where the frame is served; the pages' `frame-src` names this address alone. */
export const frameAddress = '/app/frame'

/** A form.io definition; only form.io looks inside. */
export type Definition = { components: unknown[]; display?: string; [member: string]: unknown }
/** A respondent's answers by key. */
export type Answers = Record<string, unknown>
/** A mistake at a field; `path` is form.io's, such as `people[0].name`. */
export type FieldError = { path: string; label: string; message: string }

/**
 * - `fill`: answer the form; with `answers`, go on from there
 * - `edit`: the same, for whoever changes answers that were given; the page alone has the button that saves them
 * - `view`: read-only, in the form's own layout
 * - `build`: form.io's builder
 */
export type FrameMode = 'fill' | 'edit' | 'view' | 'build'

export type FrameStart = {
  mode: FrameMode
  definition: Definition
  answers?: Answers
  /** BCP 47, such as `fr-CA`. */
  language: string
  theme: 'light' | 'dark'
  /** Whether files can be uploaded here; a preview stores nothing. */
  files?: boolean
}

/** To the frame. */
export type ToFrame =
  | { type: 'submit' }
  /** Asks for the answers as they are, complete or not; they come as a `change`. */
  | { type: 'collect' }
  | { type: 'submitted'; ok: boolean }
  | { type: 'errors'; errors: FieldError[] }
  | { type: 'focus'; path: string }
  | { type: 'theme'; theme: 'light' | 'dark' }
  | { type: 'definition'; definition: Definition }
  | { type: 'uploaded'; requestId: number; file: UploadedFile }
  | { type: 'progress'; requestId: number; loaded: number; total: number }
  | { type: 'refused'; requestId: number; message: string }
  | { type: 'removed'; requestId: number }

/** A stored file, as `POST /files` answers. */
export type UploadedFile = { id: string; originalName: string; size: number }

/** From the frame. */
export type FromFrame =
  /** The form stands; `hasSubmit` says whether it has a submit button of its own. */
  | { type: 'rendered'; hasSubmit: boolean }
  | { type: 'height'; px: number }
  | { type: 'change'; answers: Answers }
  | { type: 'submit'; answers: Answers }
  | { type: 'invalid'; errors: FieldError[] }
  /** A field took the focus at this distance from the frame's top. */
  | { type: 'focused'; top: number }
  /** A wizard turned to another page. */
  | { type: 'turned'; page: number; pages: number }
  | { type: 'definition'; definition: Definition }
  /** The keys for undoing and redoing were pressed in the builder. */
  | { type: 'undo' }
  | { type: 'redo' }
  | { type: 'upload'; requestId: number; file: File; key: string }
  | { type: 'download'; fileId: string; name: string }
  | { type: 'remove'; requestId: number; fileId: string }
  | { type: 'failed'; message: string }

const heightMaxPx = 200_000
const errorsMax = 1000
const textMax = 2000

/** A message of the frame, or undefined when it is none of ours. Unknown members are left out. */
export function parseFromFrame(value: unknown): FromFrame | undefined {
  if (!isRecord(value)) return undefined
  const { type, requestId } = value
  switch (type) {
    case 'rendered':
      return { type, hasSubmit: value.hasSubmit === true }
    case 'height':
      return isNumber(value.px) ? { type, px: Math.min(Math.max(0, value.px), heightMaxPx) } : undefined
    case 'change':
    case 'submit':
      return isRecord(value.answers) ? { type, answers: value.answers } : undefined
    case 'invalid':
      return { type, errors: errorsIn(value.errors) }
    case 'focused':
      return isNumber(value.top) ? { type, top: value.top } : undefined
    case 'turned':
      return isNumber(value.page) && isNumber(value.pages) ? { type, page: value.page, pages: value.pages } : undefined
    case 'definition':
      return isDefinition(value.definition) ? { type, definition: value.definition } : undefined
    case 'undo':
    case 'redo':
      return { type }
    case 'upload':
      return isNumber(requestId) && value.file instanceof File
        ? { type, requestId, file: value.file, key: text(value.key) }
        : undefined
    case 'download':
      return isUuid(value.fileId) ? { type, fileId: value.fileId, name: text(value.name) } : undefined
    case 'remove':
      return isNumber(requestId) && isUuid(value.fileId) ? { type, requestId, fileId: value.fileId } : undefined
    case 'failed':
      return { type, message: text(value.message) }
    default:
      return undefined
  }
}

function errorsIn(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return []
  return value
    .slice(0, errorsMax)
    .filter(isRecord)
    .map((error) => ({ path: text(error.path), label: text(error.label), message: text(error.message) }))
}

export function isDefinition(value: unknown): value is Definition {
  return isRecord(value) && Array.isArray(value.components)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isUuid(value: unknown): value is string {
  return typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, textMax) : ''
}
