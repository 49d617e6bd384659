import type { Say } from './main.ts'
import type { ToFrame, UploadedFile } from './protocol.ts'

type Waiting = {
  resolve(value: UploadedFile | undefined): void
  reject(error: Error): void
  progress?: ((event: { loaded: number; total: number }) => void) | undefined
}
/** An uploaded file, as CHEFS stores it in the answers. */
type StoredFile = {
  storage: string
  name: string
  originalName: string
  size: number
  type: string
  url: string
  data: { id: string }
}

/**
 * form.io's file service: what it would do over the network, the page does when asked.
 * @param texts the reader's words; what goes wrong is shown at the field
 */
export function fileService(say: Say, allowed: boolean, texts: Record<string, string>) {
  const waiting = new Map<number, Waiting>()
  let lastId = 0

  const ask = (tell: (requestId: number) => void, progress?: Waiting['progress']) =>
    new Promise<UploadedFile | undefined>((resolve, reject) => {
      lastId += 1
      waiting.set(lastId, { resolve, reject, progress })
      tell(lastId)
    })

  const service = {
    async uploadFile(
      _storage: string,
      file: File,
      _fileName: string,
      _dir: string,
      progress: Waiting['progress'],
      _url: string,
      _options: unknown,
      fileKey: string,
    ): Promise<StoredFile> {
      if (!allowed) throw new Error(texts.filesNotStored)
      const stored = await ask((requestId) => say({ type: 'upload', requestId, file, key: fileKey }), progress)
      if (!stored) throw new Error(texts.fileNotStored)
      const { id, originalName, size } = stored
      const url = `/app/api/v1/files/${id}`
      return { storage: 'chefs', name: originalName, originalName, size, type: file.type, url, data: { id } }
    },
    async downloadFile(file: StoredFile): Promise<undefined> {
      say({ type: 'download', fileId: file.data?.id ?? idIn(file.url), name: file.originalName ?? file.name ?? '' })
    },
    async deleteFile(file: StoredFile): Promise<void> {
      const fileId = file.data?.id ?? idIn(file.url)
      if (fileId && allowed) await ask((requestId) => say({ type: 'remove', requestId, fileId }))
    },
  }

  function hear(message: ToFrame): void {
    if (!('requestId' in message)) return
    const asked = waiting.get(message.requestId)
    if (!asked) return
    if (message.type === 'progress') {
      asked.progress?.({ loaded: message.loaded, total: message.total })
      return
    }
    waiting.delete(message.requestId)
    if (message.type === 'refused') asked.reject(new Error(message.message))
    else asked.resolve(message.type === 'uploaded' ? message.file : undefined)
  }

  return { service, hear }
}

function idIn(url: unknown): string {
  return typeof url === 'string' ? (url.split('/').at(-1) ?? '') : ''
}
