import { type Access, authorOf } from '../access/caller.ts'
import { recordAudit } from '../audit/audit.queries.ts'
import type { Db } from '../db/database.ts'
import { problems } from '../problem.ts'
import { lockForm } from '../versions/versions.queries.ts'
import { generateApiKey, hashOfKey } from './api-key.ts'
import type { NewSecret } from './api-keys.queries.ts'
import { defaultName, isSameName, type KeyRules, keysMax, mistakesIn, tidyName } from './named-key.ts'
import {
  changeKey,
  endPreviousSecret,
  findKey,
  insertKey,
  type KeySettings,
  type NamedKeyRow,
  namesOfKeys,
  revokeKey,
  rotateKey,
} from './named-keys.queries.ts'
import type { NamedApiKeyChange, NewNamedApiKey } from './named-keys.schemas.ts'
import { type KeyViewDeps, openSecret } from './named-keys-view.ts'

type Target = { formId: string; keyId: number }

/** A new secret with what the database keeps of it. */
export function newSecret(
  { sealing, random }: Pick<KeyViewDeps, 'random' | 'sealing'>,
  formId: string,
  test: boolean,
): { secret: string; stored: NewSecret } {
  const secret = generateApiKey(random, test)
  return { secret, stored: { secret_hash: hashOfKey(secret), secret_sealed: sealing.seal(secret, formId) } }
}

/** Makes a named key. @throws Problem 422, 409 for a name that is taken or one key too many */
export function makeKey(deps: KeyViewDeps, formId: string, access: Access, body: NewNamedApiKey) {
  const { test = false, name, scopes, expiresAt, allowedAddresses, ownLimit } = body
  assertRules(deps, body, test, access)
  const { secret, stored } = newSecret(deps, formId, test)
  return inTurn(deps, formId, async (tx) => {
    const names = await namesOfKeys(tx, formId)
    assertName(name, names)
    if (names.filter((each) => each.name !== defaultName).length >= keysMax - 1) {
      throw problems.conflict(`A form has ${keysMax - 1} keys beside Default. Revoke one that is not used any more.`)
    }
    const id = await insertKey(tx, formId, stored, {
      name: tidyName(name),
      scopes,
      expires_at: dateIn(expiresAt) ?? null,
      allowed_addresses: allowedAddresses ?? null,
      rate_limit: ownLimit ?? null,
      test,
      author: authorOf(access.caller),
    })
    await recordAudit(tx, 'apiKey.created', access.caller, formId, { keyId: id, ...body, name: tidyName(name), test })
    return { id, secret }
  })
}

/** Changes a key's settings. @throws Problem 404, 409, 422 */
export function changeNamedKey(deps: KeyViewDeps, { formId, keyId }: Target, access: Access, body: NamedApiKeyChange) {
  return inTurn(deps, formId, async (tx) => {
    const before = await liveKey(tx, { formId, keyId })
    const given = before.scopes as string[]
    // Who may not hand a scope out may still leave it where somebody else has put it.
    const added = body.scopes?.filter((scope) => !given.includes(scope))
    assertRules(deps, { ...body, scopes: added, expiresAt: newExpiry(body, before) }, before.test, access)
    if (body.name !== undefined) await assertRenaming(tx, before, body.name)
    await changeKey(tx, formId, keyId, settingsIn(body), authorOf(access.caller))
    await recordAudit(tx, 'apiKey.changed', access.caller, formId, { keyId, ...body })
  })
}

/** @returns the new secret. @throws Problem 404, 409 when the key is revoked */
export function rotate(deps: KeyViewDeps, { formId, keyId }: Target, access: Access, overlapHours: number) {
  return inTurn(deps, formId, async (tx) => {
    const before = await liveKey(tx, { formId, keyId })
    const { secret, stored } = newSecret(deps, formId, before.test)
    const hint = openSecret(deps, before)?.slice(-4) ?? ''
    await rotateKey(tx, formId, keyId, stored, { hint, overlapHours }, authorOf(access.caller))
    await recordAudit(tx, 'apiKey.rotated', access.caller, formId, { keyId, overlapHours })
    return secret
  })
}

/** @throws Problem 404, 409 when no overlap runs */
export function endOverlap(deps: KeyViewDeps, { formId, keyId }: Target, access: Access) {
  return inTurn(deps, formId, async (tx) => {
    await liveKey(tx, { formId, keyId })
    const ended = await endPreviousSecret(tx, formId, keyId, authorOf(access.caller))
    if (!ended) throw problems.conflict('The key has no earlier secret that still works.')
    await recordAudit(tx, 'apiKey.overlapEnded', access.caller, formId, { keyId })
  })
}

/** @throws Problem 404, 409 when the key was revoked before */
export function revoke(deps: KeyViewDeps, { formId, keyId }: Target, access: Access, why: string | null) {
  const reason = why?.trim() || null
  return inTurn(deps, formId, async (tx) => {
    await liveKey(tx, { formId, keyId })
    await revokeKey(tx, formId, keyId, reason, authorOf(access.caller))
    await recordAudit(tx, 'apiKey.revoked', access.caller, formId, { keyId, reason })
  })
}

/** All who change a form's keys take turns, so that what one has looked up still holds when it writes. */
export async function inTurn<T>(
  { db, limits, turns }: KeyViewDeps,
  formId: string,
  act: (tx: Db) => Promise<T>,
): Promise<T> {
  const result = await turns(formId, () =>
    db.transaction().execute(async (tx) => {
      if (!(await lockForm(tx, formId))) throw problems.notFound('form')
      return act(tx)
    }),
  )
  // A key that was over its limit a moment ago may have another now, or none of its calls.
  limits.forgetForm(formId)
  return result
}

async function liveKey(tx: Db, { formId, keyId }: Target): Promise<NamedKeyRow> {
  const key = await findKey(tx, formId, keyId)
  if (!key) throw problems.notFound('API key')
  if (key.revoked_at) throw problems.conflict('The key is revoked; nothing of it can be changed.')
  return key
}

function assertRules(deps: KeyViewDeps, rules: KeyRules, test: boolean, { permissions }: Access): void {
  const mistakes = mistakesIn(rules, test, { maker: permissions, now: deps.clock() })
  if (mistakes.length > 0) throw problems.invalidBody(mistakes)
}

/** An expired key's settings may be sent back as they were read: what does not change need not lie in the future. */
function newExpiry({ expiresAt }: NamedApiKeyChange, { expires_at }: NamedKeyRow): string | null | undefined {
  return dateIn(expiresAt)?.getTime() === expires_at?.getTime() ? undefined : expiresAt
}

async function assertRenaming(tx: Db, before: NamedKeyRow, name: string): Promise<void> {
  if (tidyName(name) === before.name) return
  if (before.name === defaultName) throw problems.conflict('The key Default keeps its name.')
  const names = await namesOfKeys(tx, before.form_id)
  assertName(
    name,
    names.filter(({ id }) => id !== before.id),
  )
}

/** Default is kept for the key of `/apiKey`, also while the form has none. */
function assertName(name: string, others: { name: string }[]): void {
  if (isSameName(name, defaultName))
    throw nameConflict('The name Default is that of the form’s own key, which is made under API Key.')
  const same = others.find((each) => isSameName(name, each.name))
  if (same) throw nameConflict(`The form has a key named ${same.name}.`)
}

function nameConflict(detail: string): Error {
  return problems.conflict(detail, [{ path: 'name', message: 'is taken' }])
}

function settingsIn({ name, ownLimit, expiresAt, allowedAddresses, ...same }: NamedApiKeyChange): Partial<KeySettings> {
  return {
    ...same,
    ...(name === undefined ? {} : { name: tidyName(name) }),
    ...(ownLimit === undefined ? {} : { rate_limit: ownLimit }),
    ...(expiresAt === undefined ? {} : { expires_at: dateIn(expiresAt) ?? null }),
    ...(allowedAddresses === undefined ? {} : { allowed_addresses: allowedAddresses }),
  }
}

function dateIn(text: string | null | undefined): Date | undefined {
  return text === null || text === undefined ? undefined : new Date(text)
}
