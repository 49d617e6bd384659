import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '../db/database.ts'

export type IdempotentCall = { formId: string; caller: string; operation: string; key: string; bodyHash: Buffer }
export type IdempotentAnswer = { kind: 'first' | 'repeated'; response: string } | { kind: 'otherBody' }

const keptFor = sql`interval '24 hours'`

/** Two bodies are the same when they hold the same JSON, whatever their white space. */
export function hashOfBody(body: unknown): Buffer {
  return createHash('sha256').update(JSON.stringify(body)).digest()
}

/**
 * Does something once per key within 24 hours: the first call writes, its repeats get its answer. Repeats that come while
 * it runs wait at the unique index until it has committed, so that there is exactly one.
 * @param write runs in the transaction that claims the key and returns the answer's JSON text
 */
export function onceForKey(
  db: Db,
  call: IdempotentCall,
  write: (tx: Db) => Promise<string>,
): Promise<IdempotentAnswer> {
  return db.transaction().execute(async (tx) => {
    await forgetOld(tx, call)
    if (!(await claim(tx, call))) return firstAnswer(tx, call)
    const response = await write(tx)
    await tx.updateTable('idempotency_key').set({ response }).where(ofCall(call)).execute()
    return { kind: 'first', response }
  })
}

/** The answer of a call that was done before, if there is one; so that a repeat is answered though the form has closed. */
export async function answerBefore(db: Db, call: IdempotentCall): Promise<IdempotentAnswer | undefined> {
  const row = await db
    .selectFrom('idempotency_key')
    .select(['body_hash', 'response'])
    .where(ofCall(call))
    .where('response', 'is not', null)
    .where(sql<boolean>`created_at >= now() - ${keptFor}`)
    .executeTakeFirst()
  return row && answerIn(row, call)
}

async function claim(tx: Db, { formId, caller, operation, key, bodyHash }: IdempotentCall): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('idempotency_key')
    .values({ form_id: formId, caller, operation, key, body_hash: bodyHash, response: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

async function firstAnswer(tx: Db, call: IdempotentCall): Promise<IdempotentAnswer> {
  const row = await tx
    .selectFrom('idempotency_key')
    .select(['body_hash', 'response'])
    .where(ofCall(call))
    .executeTakeFirstOrThrow()
  return answerIn(row, call)
}

function answerIn(row: { body_hash: Buffer; response: string | null }, call: IdempotentCall): IdempotentAnswer {
  if (!row.body_hash.equals(call.bodyHash)) return { kind: 'otherBody' }
  return { kind: 'repeated', response: row.response ?? '' }
}

/** Removes this key if its time is over, and some others with it, so that the table does not grow for ever. */
async function forgetOld(tx: Db, call: IdempotentCall): Promise<void> {
  const old = sql<boolean>`created_at < now() - ${keptFor}`
  await tx.deleteFrom('idempotency_key').where(ofCall(call)).where(old).execute()
  await sql`delete from idempotency_key where ctid in (
    select ctid from idempotency_key where ${old} limit 20 for update skip locked)`.execute(tx)
}

/** Removes all keys whose time is over; where nobody submits any more, no call does it. */
export async function forgetOldKeys(db: Db): Promise<void> {
  await db.deleteFrom('idempotency_key').where(sql<boolean>`created_at < now() - ${keptFor}`).execute()
}

/** The row of a call, as a filter. */
function ofCall({ formId, caller, operation, key }: IdempotentCall) {
  return sql<boolean>`form_id = ${formId} and caller = ${caller} and operation = ${operation} and key = ${key}`
}
