/** What a person changed and the server does not have yet, kept in the browser until it does. */
export type LocalCopy = {
  text: string
  /** What it was made from, see `Base` of `opening.ts`; a copy fits only onto the same. */
  base: string
  keptAt: string
}

const databaseName = 'formgate-designs'
const storeName = 'copies'
/** Two tabs do not overwrite each other's copy. */
const tab = crypto.getRandomValues(new Uint32Array(2)).join('-')

const prefix = (personId: string, formId: string) => `${personId}/${formId}/`

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(storeName)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

async function inStore(mode: IDBTransactionMode, act: (store: IDBObjectStore) => void): Promise<void> {
  const database = await open()
  try {
    await new Promise<void>((resolve, reject) => {
      const transaction = database.transaction(storeName, mode)
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error)
      act(transaction.objectStore(storeName))
    })
  } finally {
    database.close()
  }
}

/** Storage can be switched off or full: then there is no copy, and the page asks before it is closed. */
export async function keepCopy(personId: string, formId: string, copy: LocalCopy): Promise<boolean> {
  try {
    await inStore('readwrite', (store) => store.put(copy, prefix(personId, formId) + tab))
    return true
  } catch {
    return false
  }
}

export async function forgetCopy(personId: string, formId: string): Promise<void> {
  await inStore('readwrite', (store) => store.delete(prefix(personId, formId) + tab)).catch(() => undefined)
}

/** The newest copy of a form, whichever tab made it. */
export async function findCopy(personId: string, formId: string): Promise<LocalCopy | undefined> {
  const copies: LocalCopy[] = []
  await inStore('readonly', (store) => {
    const request = store.getAll(rangeOf(personId, formId))
    request.onsuccess = () => copies.push(...request.result)
  }).catch(() => undefined)
  return copies.sort((a, b) => b.keptAt.localeCompare(a.keptAt))[0]
}

/** Takes all copies of a form away: they were taken over, or a person did not want them. */
export async function dropCopies(personId: string, formId: string): Promise<void> {
  await inStore('readwrite', (store) => store.delete(rangeOf(personId, formId))).catch(() => undefined)
}

function rangeOf(personId: string, formId: string): IDBKeyRange {
  const start = prefix(personId, formId)
  return IDBKeyRange.bound(start, `${start}\uffff`)
}
