import type { FastifyInstance } from 'fastify'
import { type App, buildApp } from '../src/app.ts'
import { type Config, readConfig } from '../src/config.ts'
import { plainAnswers } from './definitions.ts'
import { type Api, type As, ok, openApi, type TestForm } from './harness.ts'

export type NamedKey = { id: number; secret: string; as: { formId: string; secret: string } }
type Settings = Record<string, unknown>

let made = 0

/** The app, with short ways to make and change named keys as the form's owner. */
export async function openKeysApi(config: Partial<Config> = {}) {
  const api = await openApi(config)
  return { api, ...keysOn(api) }
}
export type KeysApi = Awaited<ReturnType<typeof openKeysApi>>

export function keysOn(api: Api) {
  const pathOf = ({ formId }: { formId: string }, key?: { id: number }) =>
    `/forms/${formId}/apiKeys${key ? `/${key.id}` : ''}`
  const tryToAdd = (form: { formId: string }, settings: Settings = {}, as: As = api.owner) => {
    made += 1
    const body = { name: `Key ${made}`, scopes: ['form:read'], ...settings }
    return api.call('POST', pathOf(form), { as, body })
  }
  const tryToChange = (form: { formId: string }, key: { id: number }, body: unknown, as: As = api.owner) =>
    api.call('PATCH', pathOf(form, key), { as, body })
  const viewOf = async (form: { formId: string }, key: { id: number }) =>
    ok(await api.call('GET', pathOf(form, key), { as: api.owner }))

  return {
    tryToAdd,
    tryToChange,
    viewOf,
    /** With `form:read` alone, unless asked otherwise. */
    addKey: async (form: TestForm, settings: Settings = {}): Promise<NamedKey> => {
      const { id, secret } = ok(await tryToAdd(form, settings))
      return { id, secret, as: { formId: form.formId, secret } }
    },
    change: async (form: TestForm, key: { id: number }, body: Settings) => ok(await tryToChange(form, key, body)),
    /** The key Default as a named one. */
    defaultOf: async ({ formId }: TestForm): Promise<{ id: number }> => {
      const { keyId } = ok(await api.call('GET', `/forms/${formId}/apiKey/summary`, { as: api.owner }))
      return { id: keyId }
    },
    rotate: async (form: TestForm, key: { id: number }, overlapHours = 1): Promise<NamedKey> => {
      const path = `${pathOf(form, key)}/rotate`
      const { secret } = ok(await api.call('POST', path, { as: api.owner, body: { overlapHours } }))
      return { id: key.id, secret, as: { formId: form.formId, secret } }
    },
    endOverlap: (form: TestForm, key: { id: number }) =>
      api.call('DELETE', `${pathOf(form, key)}/previousSecret`, { as: api.owner }),
    revoke: (form: TestForm, key: { id: number }, body: unknown = {}) =>
      api.call('POST', `${pathOf(form, key)}/revoke`, { as: api.owner, body }),
    usageOf: async (form: TestForm, key: { id: number }, days = 30) =>
      ok(await api.call('GET', `${pathOf(form, key)}/usage`, { as: api.owner, query: { days: String(days) } })),
    /** The cheapest call with a key. */
    use: (form: TestForm, key: As) => api.call('GET', `/forms/${form.formId}`, { as: key }),
    submitAs: (form: TestForm, as: As, more: Settings = {}, headers: Record<string, string> = {}) => {
      const path = `/forms/${form.formId}/versions/${form.versionId}/submissions`
      return api.call('POST', path, { as, headers, body: { submission: { data: plainAnswers }, ...more } })
    },
    /** Changes a column of a key past all rules; `value` is SQL. */
    setInTable: (key: { id: number }, column: string, value: string) =>
      api.database.pool.query(`update api_key set ${column} = ${value} where id = $1`, [key.id]),
    /** What was recorded of the form's keys, oldest first. */
    auditOf: async ({ formId }: { formId: string }) => {
      const { rows } = await api.database.pool.query<AuditRow>(
        `select action, actor, actor_user_id, at, details from audit_event where form_id = $1 order by id`,
        [formId],
      )
      return rows
    },
  }
}

export type AuditRow = {
  action: string
  actor: string
  actor_user_id: string | null
  at: Date
  details: Record<string, unknown>
}

/** A second app on the same database, as another container would be; close its server yourself. */
export async function anotherApp(api: Api, config: Partial<Config> = {}): Promise<App> {
  const reading = readConfig({ LOG_LEVEL: 'silent', RATE_LIMIT_API_KEY: '100000', RATE_LIMIT_DEFAULT: '100000' })
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join(' '))
  const app = await buildApp({
    config: { ...reading.config, ...config },
    database: api.database,
    secretKey: 'a secret key for tests, long enough',
    delay: async () => undefined,
  })
  await app.server.ready()
  return app
}

/** A call from some address, with whatever a proxy adds. */
export function from(
  app: FastifyInstance,
  remoteAddress: string,
  form: TestForm,
  authorization: string,
  headers: Record<string, string> = {},
) {
  const url = `/app/api/v1/forms/${form.formId}`
  return app.inject({ method: 'GET', url, remoteAddress, headers: { authorization, ...headers } })
}
