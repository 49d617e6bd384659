import { Readable } from 'node:stream'
import { StartError } from '../embedded-postgres/start-error.ts'
import type { FileStorage } from '../files/file-storage.ts'
import { endOfRows, type SectionReader } from './sections.ts'

/** The line before a file's content, which is one line of base64; a size of null says that the content was lost. */
type FileLine = { file: string; size: number | null }

const storageName = /^[0-9a-f]{2}\/[0-9a-f-]{36}$/

/** How many files there were, and how many of those had lost their content. */
export type FileCount = { files: number; lostFiles: number }

/** Uploaded files as parts of a backup's text, in constant memory. Adds up what it saw in `saved`. */
export async function* fileSections(storage: FileStorage, names: string[], saved: FileCount): AsyncGenerator<Buffer> {
  for (const file of names) {
    const size = (await storage.size(file)) ?? null
    const line: FileLine = { file, size }
    yield Buffer.from(`${JSON.stringify(line)}\n`)
    const content = size === null ? undefined : await storage.read(file)
    if (content) yield* inBase64(content)
    saved.files += 1
    saved.lostFiles += content ? 0 : 1
    yield Buffer.from(endOfRows)
  }
}

/**
 * Puts a backup's files into the storage. A name stands for one content for ever, so what is there already stays.
 * @returns takes out again what was put in, for a restore that fails later
 */
export async function loadFiles(
  reader: SectionReader,
  count: number,
  storage: FileStorage,
): Promise<() => Promise<void>> {
  const written: string[] = []
  const undo = async () => {
    for (const name of written) await storage.remove(name)
  }
  try {
    for (let index = 0; index < count; index++) {
      const { file, size } = fileLine(await reader.line())
      const content = Readable.from(fromBase64(reader.rows()))
      if (size === null || (await storage.size(file)) === size) content.resume()
      else {
        written.push(file)
        const stored = await storage.write(file, content, size)
        // It was deleted while the backup was made: better no content than part of it.
        if (stored.size !== size) await storage.remove(file)
      }
      await ended(content)
    }
  } catch (error) {
    await undo()
    throw error
  }
  return undo
}

function fileLine(line: string): FileLine {
  const value = JSON.parse(line) as FileLine
  if (!storageName.test(value.file))
    throw new StartError('The backup names a file as no Formgate does. Nothing was restored.')
  return value
}

/** Three bytes are four letters, so what does not divide by three waits for the next piece. */
async function* inBase64(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of content) {
    const bytes = Buffer.concat([rest, chunk])
    const whole = bytes.length - (bytes.length % 3)
    yield Buffer.from(bytes.toString('base64', 0, whole))
    rest = bytes.subarray(whole)
  }
  yield Buffer.from(`${rest.toString('base64')}\n`)
}

async function* fromBase64(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest = ''
  for await (const piece of pieces) {
    const letters = rest + piece.toString('latin1').replace('\n', '')
    const whole = letters.length - (letters.length % 4)
    yield Buffer.from(letters.slice(0, whole), 'base64')
    rest = letters.slice(whole)
  }
}

function ended(stream: Readable): Promise<void> {
  if (stream.readableEnded) return Promise.resolve()
  return new Promise((resolve, reject) => stream.once('end', resolve).once('error', reject))
}
