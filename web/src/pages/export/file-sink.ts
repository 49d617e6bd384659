import { saveAs } from '../submissions/submitted-files.ts'

/** Where an export is written. What was not finished by `close` leaves no file that looks whole. */
export type FileSink = {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  close(): Promise<void>
  abort(): Promise<void>
}

/** A file that the person chose, as Chromium's browsers offer it; TypeScript does not know it yet. */
type ChosenFile = {
  getFile(): Promise<File>
  createWritable(): Promise<FileSystemWritableFileStream>
  remove?(): Promise<void>
}
type PickerWindow = { showSaveFilePicker?(options: { suggestedName: string }): Promise<ChosenFile> }

/** More than this does not fit well into a page's memory. */
export const memoryMaxBytes = 400_000_000

export class TooLargeForMemory extends Error {}

export function canWriteFiles(): boolean {
  return (window as PickerWindow).showSaveFilePicker !== undefined
}

/** Opens a file to write to: one that the person chooses, or the page's memory. Undefined when they chose none. */
export async function openSink(name: string, type: string): Promise<FileSink | undefined> {
  const pick = (window as PickerWindow).showSaveFilePicker
  if (!pick) return inMemory(name, type)
  try {
    return await inFile(await pick.call(window, { suggestedName: name }))
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined
    throw error
  }
}

/** The browser writes beside the file and puts it in place when it is closed. */
async function inFile(file: ChosenFile): Promise<FileSink> {
  const isNew = (await file.getFile()).size === 0
  const stream = await file.createWritable()
  return {
    write: (bytes) => stream.write(bytes),
    close: () => stream.close(),
    async abort() {
      await stream.abort().catch(() => undefined)
      // A file that was there keeps what it had. A new one is empty, and browsers that can take it away do.
      if (isNew) await file.remove?.().catch(() => undefined)
    },
  }
}

function inMemory(name: string, type: string): FileSink {
  let parts: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  return {
    async write(bytes) {
      size += bytes.length
      if (size > memoryMaxBytes) throw new TooLargeForMemory()
      parts.push(bytes)
    },
    async close() {
      saveAs(new Blob(parts, { type }), name)
      parts = []
    },
    async abort() {
      parts = []
    },
  }
}
