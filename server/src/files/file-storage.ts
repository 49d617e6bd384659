import { join } from 'node:path'
import { PassThrough, pipeline, type Readable, Transform } from 'node:stream'
import { FileStorage as Flystorage } from '@flystorage/file-storage'
import { LocalStorageAdapter } from '@flystorage/local-fs'

/** Where the content of files lies, under names of ours. */
export type FileStorage = {
  /**
   * Stores what a stream gives, in constant memory.
   * @throws TooLarge as soon as there is more than `maxBytes`; SourceFailed when the stream breaks off. Part of the
   *   content may be there then, so remove it.
   */
  write(name: string, source: Readable, maxBytes: number): Promise<{ size: number }>
  /** @returns undefined when there is nothing under the name */
  read(name: string): Promise<Readable | undefined>
  /** @returns undefined when there is nothing under the name */
  size(name: string): Promise<number | undefined>
  /** Nothing to remove is as good as removed. */
  remove(name: string): Promise<void>
}

export class TooLarge extends Error {}
export class SourceFailed extends Error {}

/** Where a data folder keeps the content of files. */
export function filesFolder(dataDir: string): string {
  return join(dataDir, 'files')
}

/** A folder on disk, which is made with the first file. Others on the machine cannot read what lies there. */
export function storageInFolder(folder: string): FileStorage {
  const storage = new Flystorage(new LocalStorageAdapter(folder, { rootDirectoryVisibility: 'private' }))
  return {
    async write(name, source, maxBytes) {
      const counted = counting(maxBytes)
      // Of two streams that fall together, the one to blame is the first; these listeners run before the pipeline's.
      let sourceFailed = source.errored !== null
      const blame = () => {
        sourceFailed ||= !counted.destroyed && !source.readableEnded
      }
      source.once('error', blame).once('close', blame)
      pipeline(source, counted, () => undefined)
      try {
        await storage.write(name, counted, { visibility: 'private', directoryVisibility: 'private' })
      } catch (error) {
        if (counted.errored instanceof TooLarge) throw counted.errored
        throw sourceFailed ? new SourceFailed('The upload broke off.', { cause: error }) : error
      }
      return { size: counted.bytes }
    },
    async read(name) {
      if (!(await storage.fileExists(name))) return undefined
      return drainedOnClose(await storage.read(name))
    },
    size: async (name) => ((await storage.fileExists(name)) ? storage.fileSize(name) : undefined),
    remove: (name) => storage.deleteFile(name),
  }
}

/** Random names spread over 256 folders, as few file systems like a million entries in one. */
export function storageNameOf(randomId: string): string {
  return `${randomId.slice(0, 2)}/${randomId}`
}

function counting(maxBytes: number): Transform & { bytes: number } {
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      counted.bytes += chunk.length
      done(counted.bytes > maxBytes ? new TooLarge(`More than ${maxBytes} bytes.`) : null, chunk)
    },
  })
  const counted = Object.assign(counter, { bytes: 0 })
  return counted
}

/**
 * The library's stream is the last of a chain of pipes, and destroying it leaves the open file at the chain's start
 * behind: so a reader that goes away half-way lets the rest run out.
 */
function drainedOnClose(source: Readable): Readable {
  const out = new PassThrough()
  source.on('error', (error) => out.destroy(error))
  // Unpiping after resuming would pause it again.
  out.on('close', () => source.unpipe(out).resume())
  return source.pipe(out)
}
