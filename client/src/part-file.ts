import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'

/** What an interrupted download needs to go on, beside its bytes. */
export type PartState = { exportId: string; source: string }

/** A download that is not whole yet: `NAME.part`, and `NAME.part.json` which tells of what. */
export type PartFile = {
  /** What is known of a download that was interrupted, if it is of the same source. */
  state(source: string): Promise<PartState | undefined>
  remember(state: PartState): Promise<void>
  size(): Promise<number>
  openAt(bytes: number): Promise<FileHandle>
  /** Of the bytes from one up to another, or of all, in hexadecimal digits. */
  sha256(range?: { firstByte: number; bytes: number }): Promise<string>
  /** Gives it its name, in place of what has it now. */
  finish(): Promise<void>
  discard(): Promise<void>
}

export function partFileOf(output: string): PartFile {
  const part = `${output}.part`
  const notes = `${part}.json`
  return {
    async state(source) {
      const known = parsed(await readFile(notes, 'utf8').catch(() => ''))
      return known?.source === source ? known : undefined
    },
    async remember(state) {
      // Written beside and renamed, so that half of it is never read.
      await writeFile(`${notes}.new`, `${JSON.stringify(state)}\n`)
      await rename(`${notes}.new`, notes)
    },
    size: () =>
      stat(part).then(
        ({ size }) => size,
        () => 0,
      ),
    async openAt(bytes) {
      const file = await open(part, bytes === 0 ? 'w' : 'r+')
      await file.truncate(bytes)
      return file
    },
    async sha256(range) {
      const hash = createHash('sha256')
      if (range?.bytes === 0) return hash.digest('hex')
      const bounds = range ? { start: range.firstByte, end: range.firstByte + range.bytes - 1 } : {}
      for await (const chunk of createReadStream(part, bounds)) hash.update(chunk)
      return hash.digest('hex')
    },
    async finish() {
      // What has its name is whole also after a power cut.
      const file = await open(part, 'r+')
      await file.sync().finally(() => file.close())
      await rename(part, output)
      await rm(notes, { force: true })
    },
    async discard() {
      await rm(notes, { force: true })
      await rm(part, { force: true })
    },
  }
}

function parsed(text: string): PartState | undefined {
  try {
    const { exportId, source } = Object(JSON.parse(text))
    return typeof exportId === 'string' && typeof source === 'string' ? { exportId, source } : undefined
  } catch {
    return undefined
  }
}
