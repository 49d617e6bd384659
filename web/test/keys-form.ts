import { hashOfKey } from '../../server/src/api-keys/api-key.ts'
import { type Api, ok, type TestForm } from '../../server/test/harness.ts'

export type MadeKey = { id: number; name: string; secret: string }

/** Makes a named key by the API. */
export async function addKey(api: Api, form: TestForm, body: object): Promise<MadeKey> {
  const preset = { scopes: ['form:read', 'submissions:read', 'status:read'] }
  return ok(await api.call('POST', `/forms/${form.formId}/apiKeys`, { as: api.owner, body: { ...preset, ...body } }))
}

/** Writes a use of a secret as the server would have recorded it so long ago. */
export async function usedAgo(api: Api, key: MadeKey, secret: string, agoMs: number, client = 'curl/8.5.0') {
  await api.database.pool.query(
    `insert into api_key_last_use (api_key_id, secret_hash, at, address, client)
      values ($1, $2, now() - $3 * interval '1 millisecond', '192.0.2.7', $4)
      on conflict (api_key_id, secret_hash) do update set at = excluded.at`,
    [key.id, hashOfKey(secret), agoMs, client],
  )
}

/** Usage on each of 30 days, as a program that runs on weekdays has it. */
export async function usedDaily(api: Api, key: { id: number }): Promise<void> {
  await api.database.pool.query(
    `insert into api_key_usage (api_key_id, day, operation, calls, succeeded, client_errors, rate_limited, bytes_sent)
      select $1, (now() at time zone 'utc')::date - ago, operation, s + e + l, s, e, l, s * 2048
      from generate_series(0, 29) ago, (values ('listSubmissions', 3), ('exportSubmissions', 1)) called (operation, much),
        lateral (select (ago * 7 % 11) * 9 * much as s, (ago % 4) * 5 as e, case when ago in (3, 4) then 40 else 0 end as l) n
      where ago % 7 not in (5, 6)`,
    [key.id],
  )
}

export type FormWithKeys = TestForm & { keys: Record<'bi' | 'test' | 'old' | 'off' | 'gone', MadeKey> }

/** A form with keys in every state: one rotated, one for tests, one expired, one disabled, one revoked. */
export async function formWithKeys(api: Api): Promise<FormWithKeys> {
  const form = await api.addForm()
  const as = api.owner
  const path = (key: MadeKey, more: string) => `/forms/${form.formId}/apiKeys/${key.id}${more}`
  const bi = await addKey(api, form, { name: 'Power BI', allowedAddresses: ['192.0.2.0/24', '2001:db8::/32'] })
  const test = await addKey(api, form, {
    name: 'Trial of the importer',
    test: true,
    scopes: ['form:read', 'submissions:read', 'submissions:write', 'submissions:delete'],
  })
  const old = await addKey(api, form, { name: 'Nightly export', ownLimit: 10 })
  const off = await addKey(api, form, {
    name: 'Case system',
    scopes: ['submissions:read', 'status:write', 'form:access'],
  })
  const gone = await addKey(api, form, { name: 'Old website' })
  const { secret } = ok(await api.call('POST', path(bi, '/rotate'), { as, body: { overlapHours: 24 } }))
  await usedAgo(api, bi, bi.secret, -1000)
  await usedAgo(api, bi, secret, 3_600_000)
  await usedDaily(api, bi)
  await api.database.pool.query(`update api_key set expires_at = now() - interval '3 days' where id = $1`, [old.id])
  ok(await api.call('PATCH', path(off, ''), { as, body: { enabled: false } }))
  ok(await api.call('POST', path(gone, '/revoke'), { as, body: { reason: 'Its secret was in a public repository.' } }))
  return { ...form, keys: { bi: { ...bi, secret }, test, old, off, gone } }
}
