import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { StartError } from '../embedded-postgres/start-error.ts'

/**
 * A backup is gzipped text and, behind it, this fixed-length line with the SHA-256 of all before it. It comes last, so a
 * file that was cut anywhere has none, and it is found without unpacking.
 */
const endLine = (sha256: string) => `\nformgate-backup-end sha256=${sha256}\n`
const endLineBytes = endLine('0'.repeat(64)).length

/** Write a backup: under another name until it is complete, and never over a file that is there. */
export async function writeBackupFile(file: string, content: () => AsyncGenerator<Buffer>): Promise<void> {
  if (await exists(file)) throw new StartError(`${file} exists already. Name a new file; nothing was written.`)
  const unfinished = `${file}.unfinished`
  try {
    // It may hold SECRET_KEY, and holds what people entered: for its owner's eyes.
    const target = createWriteStream(unfinished, { mode: 0o600, flush: true })
    await pipeline(content, createGzip({ level: 6 }), withEndLine, target)
    await rename(unfinished, file)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

/** Check a backup from first to last byte, and give its text as a stream. */
export async function readBackupFile(file: string): Promise<AsyncIterable<Buffer>> {
  const { size } = await stat(file).catch(() => {
    throw new StartError(`There is no file ${file}.`)
  })
  const end = size - endLineBytes
  if (end <= 0 || (await lastLine(file, end)) !== endLine(await hashOf(file, end))) throw damaged(file)
  return createReadStream(file, { end: end - 1 }).pipe(createGunzip())
}

async function* withEndLine(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
  yield Buffer.from(endLine(hash.digest('hex')))
}

async function hashOf(file: string, bytes: number): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { end: bytes - 1 })) hash.update(chunk)
  return hash.digest('hex')
}

async function lastLine(file: string, position: number): Promise<string> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(endLineBytes), 0, endLineBytes, position)
    return buffer.toString('latin1', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

function damaged(file: string): StartError {
  return new StartError(
    `${file} is not a complete Formgate backup: it was cut off, changed, or is something else. Nothing was restored.`,
  )
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined
}
