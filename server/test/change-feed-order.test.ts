import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, type Db, openDatabase } from '../src/db/database.ts'
import { changeSubmission, insertSubmissions } from '../src/submissions/submission-writes.queries.ts'
import { type Api, ok, openApi, type TestForm } from './harness.ts'

const writers = 32
const changesMin = 100_000
/** What does not commit changes nothing. */
const rolledBackShare = 0.1

let api: Api
let form: TestForm
let writing: Database
/** One for each writer: counts are kept by version, so no writer waits for another's to commit. */
let versionIds: string[]
beforeAll(async () => {
  api = await openApi()
  form = await api.addForm()
  writing = openDatabase(api.database.url, writers)
  versionIds = await Promise.all(Array.from({ length: writers }, addVersion))
})
afterAll(async () => {
  await writing?.close()
  await api?.close()
})

describe('a consumer that follows the cursor alone', () => {
  it('misses no change and sees none twice, while 32 writers commit in any order', { timeout: 300_000 }, async () => {
    const seed = Math.floor(Math.random() * 1e9)
    const random = randomFrom(seed)
    const committed = new Map<string, number>()
    let count = 0
    let isWriting = true

    async function write(versionId: string): Promise<void> {
      while (count < changesMin) {
        const changes: string[] = []
        const isKept = random() >= rolledBackShare
        if (!(await transaction(versionId, random, changes, isKept))) continue
        for (const each of changes) committed.set(each, (committed.get(each) ?? 0) + 1)
        count += changes.length
      }
    }

    const seen = new Map<string, number>()
    const cursors: string[] = []
    async function follow(): Promise<void> {
      let after: string | undefined
      let endsBy = Number.POSITIVE_INFINITY
      // Transactions of other databases on this server may hold the last changes up.
      while (isWriting || (cursors.length < count && performance.now() < endsBy)) {
        if (!isWriting) endsBy = Math.min(endsBy, performance.now() + 60_000)
        const limit = String(1 + Math.floor(random() * 1000))
        const query = { limit, ...(after === undefined ? {} : { after }) }
        const page = ok(await api.call('GET', `/forms/${form.formId}/changes`, { as: form.key, query }))
        for (const { cursor, kind, submissionId } of page.changes) {
          cursors.push(cursor)
          const name = `${kind} ${submissionId}`
          seen.set(name, (seen.get(name) ?? 0) + 1)
        }
        after = page.next
        if (!page.more) await sleep(random() * 20)
      }
    }

    const following = follow()
    await Promise.all(versionIds.map(write)).finally(() => {
      isWriting = false
    })
    await following
    console.log(`seed ${seed}: ${count} changes by ${writers} writers, ${cursors.length} seen`)
    expect(differences(committed, seen)).toEqual([])
    expect(new Set(cursors).size).toBe(cursors.length)
    expect(cursors.map(placeOf)).toEqual(cursors.map(placeOf).toSorted(byPlace))
  })
})

/**
 * Several statements, some of them long after the others: later transactions commit before this one.
 * @returns whether it was committed
 */
async function transaction(
  versionId: string,
  random: () => number,
  changes: string[],
  isKept: boolean,
): Promise<boolean> {
  const aborted = new Error('rolled back on purpose')
  return writing.db
    .transaction()
    .execute(async (tx) => {
      for (let statements = 1 + Math.floor(random() * 4); statements > 0; statements--) {
        changes.push(...(await insertSome(tx, versionId, 1 + Math.floor(random() * 40))))
        if (random() < 0.3) changes.push(...(await changeOne(tx, changes)))
        if (random() < 0.2) await sleep(random() * (random() < 0.05 ? 700 : 30))
      }
      if (!isKept) throw aborted
      return true
    })
    .catch((error: unknown) => {
      if (error === aborted) return false
      throw error
    })
}

async function insertSome(tx: Db, versionId: string, count: number): Promise<string[]> {
  const items = Array.from({ length: count }, () => ({ id: randomUUID(), submission: '{"data":{}}' }))
  await insertSubmissions(tx, {
    formId: form.formId,
    versionId,
    draft: false,
    late: false,
    test: false,
    author: 'writer',
    userId: null,
    items,
  })
  return items.map(({ id }) => `created ${id}`)
}

async function changeOne(tx: Db, changes: string[]): Promise<string[]> {
  const [, id = ''] = /^created (.*)$/.exec(changes[0] ?? '') ?? []
  const changed = await changeSubmission(
    tx,
    { formId: form.formId, id },
    { draft: false, deleted: false },
    { submission: '{"data":{"a":1}}' },
    'writer',
  )
  return changed ? [`updated ${id}`] : []
}

async function addVersion(_: unknown, place: number): Promise<string> {
  const id = randomUUID()
  await api.database.pool.query(
    `insert into form_version (id, form_id, version, schema, created_by) values ($1, $2, $3, '{}', 'test')`,
    [id, form.formId, place + 2],
  )
  return id
}

function differences(wanted: Map<string, number>, found: Map<string, number>): string[] {
  const names = new Set([...wanted.keys(), ...found.keys()])
  return [...names]
    .filter((name) => wanted.get(name) !== found.get(name))
    .map((name) => `${name}: ${wanted.get(name) ?? 0} committed, ${found.get(name) ?? 0} seen`)
    .slice(0, 10)
}

type Place = readonly [xid: bigint, id: bigint]

function placeOf(cursor: string): Place {
  const [, xid = '', id = ''] = cursor.split('.')
  return [BigInt(xid), BigInt(id)]
}

function byPlace([xidA, idA]: Place, [xidB, idB]: Place): number {
  if (xidA !== xidB) return xidA < xidB ? -1 : 1
  return idA < idB ? -1 : 1
}

/** Numbers from 0 to 1 by a seed (mulberry32), so that a failing run tells how it was made. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
