import { type RefObject, useRef, useState } from 'react'
import { answer, api, renewSession } from '../../api/client.ts'
import { ApiProblem } from '../../api/problem.ts'
import { type StoredFile, uploadWithProgress } from '../../api/upload.ts'
import type { FromFrame } from '../../frame/protocol.ts'
import { useExplain } from '../../ui/failure.tsx'
import type { FormFrameHandle } from '../../ui/form-frame.tsx'

type Progress = (loaded: number, total: number) => void

/**
 * Stores files that are added while a submission is edited; saving gives them to the submission. The frame may be hostile:
 * of the files that it names only those added here are deleted, as what the submission has is kept until it is saved.
 */
export function useUploads(formId: string, frame: RefObject<FormFrameHandle | null>) {
  const explain = useExplain()
  const added = useRef(new Set<string>())
  const running = useRef(new Set<Promise<void>>())
  const [waiting, setWaiting] = useState(false)

  const upload = async ({ requestId, file }: Extract<FromFrame, { type: 'upload' }>) => {
    try {
      const progress: Progress = (loaded, total) => frame.current?.send({ type: 'progress', requestId, loaded, total })
      const { id, originalName, size } = await uploadSignedIn(formId, file, progress)
      added.current.add(id)
      frame.current?.send({ type: 'uploaded', requestId, file: { id, originalName, size } })
    } catch (error) {
      frame.current?.send({ type: 'refused', requestId, message: explain(error).text })
    }
  }

  const remove = async ({ requestId, fileId }: Extract<FromFrame, { type: 'remove' }>) => {
    const id = fileId.toLowerCase()
    if (added.current.delete(id)) {
      // Should it fail, the file goes by itself within a day, as no submission names it.
      await answer(api.DELETE('/app/api/v1/files/{fileId}', { params: { path: { fileId: id } } })).catch(
        () => undefined,
      )
    }
    frame.current?.send({ type: 'removed', requestId })
  }

  return {
    isAdded: (fileId: string) => added.current.has(fileId.toLowerCase()),
    hear(message: FromFrame) {
      if (message.type === 'remove') void remove(message)
      if (message.type !== 'upload') return
      const going = upload(message).finally(() => running.current.delete(going))
      running.current.add(going)
    },
    /** Whether somebody waits for the files before saving. */
    waiting,
    /** When all that runs now has ended, well or badly. */
    async settled() {
      setWaiting(true)
      await Promise.all(running.current)
      setWaiting(false)
    },
  }
}

/** Whose session ended signs in again, and the file is sent once more. */
async function uploadSignedIn(formId: string, file: File, progress: Progress): Promise<StoredFile> {
  try {
    return await uploadWithProgress(formId, file, progress)
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.problem.status !== 401 || !(await renewSession())) throw error
    return uploadWithProgress(formId, file, progress)
  }
}
