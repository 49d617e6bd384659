import { ApiProblem, problemOf, unreachable } from '../api/problem.ts'
import { type StoredFile, uploadAddress, uploadBody, uploadWithProgress } from '../api/upload.ts'
import type { FrameHandle } from '../frame/host.ts'
import type { FromFrame } from '../frame/protocol.ts'
import { asProblem } from './api.ts'
import { t } from './texts.ts'

/** Files that were uploaded on this device, by id, each with the token that opens it; a signed-in person needs none. */
export type FileTokens = Record<string, string>

type UploadDeps = {
  formId: string
  withSession: boolean
  frame: FrameHandle
  tokens: FileTokens
  /** Files of the draft that is open: they may be read, not deleted. */
  draftFiles: ReadonlySet<string>
  changed(): void
}

export type Uploads = ReturnType<typeof uploadsOf>

/**
 * Does for the frame what it may not do itself. The frame may be hostile: it can name any file, so only what this device
 * uploaded here is deleted, and only that and the draft's own files are read.
 */
export function uploadsOf({ formId, withSession, frame, tokens, draftFiles, changed }: UploadDeps) {
  const running = new Set<Promise<void>>()

  async function upload({ requestId, file }: Extract<FromFrame, { type: 'upload' }>): Promise<void> {
    try {
      const progress = (loaded: number, total: number) => frame.send({ type: 'progress', requestId, loaded, total })
      const stored = withSession
        ? await uploadWithProgress(formId, file, progress)
        : await sendWithoutSession(formId, file)
      tokens[stored.id] = stored._accessToken ?? ''
      changed()
      const { id, originalName, size } = stored
      frame.send({ type: 'uploaded', requestId, file: { id, originalName, size } })
    } catch (error) {
      frame.send({ type: 'refused', requestId, message: uploadRefusedBecause(asProblem(error)) })
    }
  }

  async function remove({ requestId, fileId }: Extract<FromFrame, { type: 'remove' }>): Promise<void> {
    const id = fileId.toLowerCase()
    if (Object.hasOwn(tokens, id)) {
      // Should it fail, the file goes by itself within a day, as no submission names it.
      await fetchFile(id, 'DELETE').catch(() => undefined)
      delete tokens[id]
      changed()
    }
    frame.send({ type: 'removed', requestId })
  }

  async function download({ fileId, name }: Extract<FromFrame, { type: 'download' }>): Promise<void> {
    const id = fileId.toLowerCase()
    if (!Object.hasOwn(tokens, id) && !draftFiles.has(id)) return
    const reply = await fetchFile(id, 'GET').catch(() => undefined)
    if (reply?.ok) saveAs(await reply.blob(), name)
  }

  function fetchFile(id: string, method: string): Promise<Response> {
    const token = tokens[id]
    return fetch(`/app/api/v1/files/${id}`, {
      method,
      credentials: withSession ? 'same-origin' : 'omit',
      headers: token ? { 'x-file-token': token } : {},
    })
  }

  return {
    hear(message: FromFrame): void {
      if (message.type === 'remove') void remove(message)
      if (message.type === 'download') void download(message)
      if (message.type !== 'upload') return
      const going = upload(message).finally(() => running.delete(going))
      running.add(going)
    },
    get count() {
      return running.size
    },
    /** When all that runs now has ended, well or badly. */
    async settled(): Promise<void> {
      await Promise.all(running)
    },
  }
}

async function sendWithoutSession(formId: string, file: File): Promise<StoredFile> {
  const options: RequestInit = { method: 'POST', credentials: 'omit', body: uploadBody(file) }
  const reply = await fetch(uploadAddress(formId), options).catch(() => undefined)
  if (!reply) throw new ApiProblem(unreachable)
  const answer = await reply.json().catch(() => undefined)
  if (!reply.ok) throw problemOf(reply, answer)
  return answer
}

function uploadRefusedBecause({ problem, code }: ApiProblem): string {
  if (code === 'file_too_large' || problem.status === 413) return t('fileTooLarge')
  if (code === 'file_type_refused') return t('fileTypeRefused')
  if (code === 'too_many_uploads') return t('fileTooMany')
  if (problem.status === 401) return t('fileSignedOut')
  if (problem.status === 429) return t('fileBusy')
  if (problem.status === 0) return t('fileUnreachable')
  return t('fileFailed')
}

function saveAs(content: Blob, name: string): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name || 'file'
  link.click()
  URL.revokeObjectURL(address)
}

/** The ids that stored files have in answers: some `url` or `data.id` of theirs. */
export function fileIdsIn(answers: unknown): Set<string> {
  const found = JSON.stringify(answers ?? null).match(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi) ?? []
  return new Set(found.map((id) => id.toLowerCase()))
}
