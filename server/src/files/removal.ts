import type { Db } from '../db/database.ts'
import type { FileStorage } from './file-storage.ts'
import { deleteUnsubmitted, dueRemovals, forgetRemovals, postponeRemoval } from './files.queries.ts'

export type RemovalDeps = { db: Db; storage: FileStorage; warn(message: string): void }

/** Takes content out of the storage whose row is gone. What fails is tried again with the next sweep. */
export async function removeContent({ db, storage, warn }: RemovalDeps, storageNames: string[]): Promise<void> {
  const removed: string[] = []
  for (const name of storageNames) {
    try {
      await storage.remove(name)
      removed.push(name)
    } catch (error) {
      warn(`The content of a deleted file could not be removed yet: ${error}`)
      await postponeRemoval(db, name)
    }
  }
  await forgetRemovals(db, removed)
}

const batchSize = 100

/** Deletes uploads that were never submitted, and all content that is due. Any number of containers may do so at once. */
export async function sweepFiles(deps: RemovalDeps): Promise<void> {
  await deleteUnsubmitted(deps.db)
  for (let found = batchSize; found === batchSize; ) {
    found = await deps.db.transaction().execute(async (tx) => {
      const names = await dueRemovals(tx, batchSize)
      await removeContent({ ...deps, db: tx }, names)
      return names.length
    })
  }
}

const sweepEveryMs = 3_600_000

/** Sweeps at the start and every hour after it. */
export function sweepingOf(deps: RemovalDeps): { start(): void; stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined
  let sweep = Promise.resolve()
  const run = () => {
    sweep = sweepFiles(deps).catch((error: unknown) => deps.warn(`Files were not swept: ${error}`))
  }
  return {
    start() {
      run()
      timer = setInterval(run, sweepEveryMs)
    },
    /** Waits for a sweep that is under way. */
    async stop() {
      clearInterval(timer)
      await sweep
    },
  }
}
