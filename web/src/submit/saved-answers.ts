import type { Answers } from '../frame/protocol.ts'
import type { FileTokens } from './uploads.ts'

/** Answers that wait on this device, with what makes a repeated sending one submission. */
export type SavedAnswers = {
  versionId: string
  savedAt: string
  answers: Answers
  sendKey: string | undefined
  /** Tokens of the files that were uploaded for them. */
  files: FileTokens
}

export type AnswersStore = {
  load(): Promise<SavedAnswers | undefined>
  /** Soon, so that typing does not write at each key; `flush` writes what waits at once. */
  save(saved: SavedAnswers): void
  flush(): void
  clear(): Promise<void>
}

const keptForMs = 30 * 24 * 60 * 60 * 1000
const delayMs = 300

/** Nothing is kept: for a form that another site embeds. */
export const forgetful: AnswersStore = {
  load: async () => undefined,
  save: () => undefined,
  flush: () => undefined,
  clear: async () => undefined,
}

/**
 * Keeps the answers of one person to one form (or of one draft) in this browser: in localStorage, which is written at
 * once even while the page closes, or in IndexedDB where they are too large for it.
 */
export function answersStore(formId: string, person: string, draftId = ''): AnswersStore {
  const key = `formgate.answers.${formId}.${person}${draftId && `.${draftId}`}`
  let waiting: SavedAnswers | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  const flush = () => {
    clearTimeout(timer)
    if (waiting) write(key, JSON.stringify(waiting))
    waiting = undefined
  }
  // The last moment that browsers grant, on a phone the only one.
  window.addEventListener('pagehide', flush)
  document.addEventListener('visibilitychange', flush)

  return {
    async load() {
      const saved = parse((await readLarge(key)) ?? readSmall(key))
      return saved && Date.now() - Date.parse(saved.savedAt) < keptForMs ? saved : undefined
    },
    save(saved) {
      waiting = saved
      clearTimeout(timer)
      timer = setTimeout(flush, delayMs)
    },
    flush,
    async clear() {
      clearTimeout(timer)
      waiting = undefined
      await remove(key)
    },
  }
}

function write(key: string, text: string): void {
  try {
    localStorage.setItem(key, text)
    void inDatabase('readwrite', (store) => store.delete(key))
  } catch {
    // Full, or switched off.
    try {
      localStorage.removeItem(key)
    } catch {}
    void inDatabase('readwrite', (store) => store.put(text, key))
  }
}

function readSmall(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined
  } catch {
    return undefined
  }
}

async function readLarge(key: string): Promise<string | undefined> {
  const text = await inDatabase('readonly', (store) => store.get(key))
  return typeof text === 'string' ? text : undefined
}

async function remove(key: string): Promise<void> {
  try {
    localStorage.removeItem(key)
  } catch {}
  await inDatabase('readwrite', (store) => store.delete(key))
}

const databaseName = 'formgate'
const storeName = 'answers'

/** One request to the database; undefined where there is none, as in some private windows. */
function inDatabase(mode: IDBTransactionMode, request: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  return new Promise((resolve) => {
    try {
      const opening = indexedDB.open(databaseName, 1)
      opening.onupgradeneeded = () => opening.result.createObjectStore(storeName)
      opening.onerror = () => resolve(undefined)
      opening.onsuccess = () => {
        const database = opening.result
        const asked = request(database.transaction(storeName, mode).objectStore(storeName))
        asked.onerror = () => resolve(undefined)
        asked.onsuccess = () => resolve(asked.result)
        asked.transaction?.addEventListener('complete', () => database.close())
      }
    } catch {
      resolve(undefined)
    }
  })
}

function parse(text: string | undefined): SavedAnswers | undefined {
  try {
    const saved: unknown = text === undefined ? undefined : JSON.parse(text)
    return isSaved(saved) ? saved : undefined
  } catch {
    return undefined
  }
}

function isSaved(value: unknown): value is SavedAnswers {
  if (typeof value !== 'object' || value === null) return false
  const { answers, savedAt, versionId, files } = value as Record<string, unknown> // any object has these or not
  const isObject = (member: unknown) => typeof member === 'object' && member !== null
  return isObject(answers) && isObject(files) && typeof savedAt === 'string' && typeof versionId === 'string'
}
