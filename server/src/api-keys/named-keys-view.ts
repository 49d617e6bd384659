import type { Clock, RandomBytes } from '../clock.ts'
import type { Db } from '../db/database.ts'
import type { Limits } from '../rate-limit/limits.ts'
import type { Standing } from '../rate-limit/rate-limit.ts'
import type { Sealing } from '../sealing.ts'
import { glimpseOf } from './api-key.ts'
import { namesOfAuthors } from './api-keys.queries.ts'
import { defaultName, stateOf } from './named-key.ts'
import type { LastUseJson, NamedKeyRow } from './named-keys.queries.ts'
import type { Turns } from './turns.ts'
import { type DayOfUsage, topOperations, usageByDay } from './usage.queries.ts'

export type KeyViewDeps = {
  db: Db
  sealing: Sealing
  random: RandomBytes
  clock: Clock
  limits: Pick<Limits, 'peekForKey' | 'standingOfNewKey' | 'forgetForm'>
  turns: Turns
}

/** A key's secret; undefined when it is revoked. */
export function openSecret({ sealing }: Pick<KeyViewDeps, 'sealing'>, row: NamedKeyRow): string | undefined {
  return row.revoked_at ? undefined : sealing.open(row.secret_sealed, row.form_id)
}

/** Keys as the API shows them. */
export async function toNamedKeys(deps: KeyViewDeps, rows: NamedKeyRow[]) {
  const authors = [...new Set(rows.flatMap(authorsOf))]
  const names = authors.length > 0 ? await namesOfAuthors(deps.db, authors) : new Map<string, string>()
  return Promise.all(rows.map((row) => viewOf(deps, row, names)))
}

export async function toNamedKey(deps: KeyViewDeps, row: NamedKeyRow) {
  return viewOf(deps, row, await namesOfAuthors(deps.db, authorsOf(row)))
}

function authorsOf({ created_by, updated_by, revoked_by }: NamedKeyRow): string[] {
  return [created_by, updated_by, revoked_by].filter((author) => author !== null)
}

async function viewOf(deps: KeyViewDeps, row: NamedKeyRow, names: Map<string, string>) {
  const secret = openSecret(deps, row)
  const { prefix, hint } = secret === undefined ? { prefix: null, hint: null } : glimpseOf(secret)
  const standing = row.revoked_at ? deps.limits.standingOfNewKey(row.raised_limit) : await deps.limits.peekForKey(row)
  return {
    id: row.id,
    formId: row.form_id,
    name: row.name,
    isDefault: row.name === defaultName,
    test: row.test,
    state: stateOf(row),
    prefix,
    hint,
    // Only values of the schema's enumeration are written.
    scopes: row.scopes as 'form:read'[],
    enabled: row.enabled,
    expiresAt: row.expires_at?.toISOString() ?? null,
    allowedAddresses: row.allowed_addresses,
    ownLimit: row.rate_limit,
    rateLimit: toRateLimit(standing),
    callsToday: row.calls_today,
    lastUsed: lastUse(row.last_use),
    previousSecret: previousSecretOf(row),
    createdBy: row.created_by,
    createdByName: names.get(row.created_by) ?? null,
    createdAt: row.created_at.toISOString(),
    updatedBy: row.updated_by,
    updatedByName: names.get(row.updated_by ?? '') ?? null,
    updatedAt: row.updated_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    revokedBy: row.revoked_by,
    revokedByName: names.get(row.revoked_by ?? '') ?? null,
    revokedReason: row.revoked_reason,
  }
}

/** Where a key stands with its limit, as the API shows it. */
export function toRateLimit({ limit, remaining, resetSeconds }: Standing) {
  return { limit: limit.max, remaining, resetSeconds, windowSeconds: limit.windowMs / 1000 }
}

function previousSecretOf(row: NamedKeyRow) {
  const { previous_hint, previous_valid_until, previous_last_use, rotated_at, updated_at } = row
  if (previous_hint === null || previous_valid_until === null) return null
  return {
    hint: previous_hint,
    validUntil: previous_valid_until.toISOString(),
    rotatedAt: (rotated_at ?? updated_at).toISOString(),
    lastUsed: lastUse(previous_last_use),
  }
}

function lastUse(use: LastUseJson | null) {
  return use && { ...use, at: new Date(use.at).toISOString() }
}

const dayMs = 86_400_000
const figures = ['calls', 'succeeded', 'clientErrors', 'rateLimited', 'bytesSent'] as const
const nothing = { calls: 0, succeeded: 0, clientErrors: 0, rateLimited: 0, bytesSent: 0 }

/** A key's usage on each of so many days up to today, of UTC. */
export async function usageOf({ db, clock }: Pick<KeyViewDeps, 'db' | 'clock'>, keyId: number, dayCount: number) {
  const since = new Date(clock() - (dayCount - 1) * dayMs)
  const [stored, operations] = await Promise.all([usageByDay(db, keyId, since), topOperations(db, keyId, since, 10)])
  const byDay = new Map(stored.map((each) => [each.day, each]))
  const days = Array.from({ length: dayCount }, (_, index) => {
    const day = new Date(since.getTime() + index * dayMs).toISOString().slice(0, 10)
    return byDay.get(day) ?? { day, ...nothing }
  })
  return { from: days[0]?.day ?? '', to: days.at(-1)?.day ?? '', total: totalOf(days), days, operations }
}

function totalOf(days: DayOfUsage[]) {
  const total = { ...nothing }
  for (const day of days) for (const figure of figures) total[figure] += day[figure]
  return total
}
