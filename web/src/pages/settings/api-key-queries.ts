import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../api/client.ts'
import type { components } from '../../api/schema.d.ts'

export type ApiKeySummary = components['schemas']['ApiKeySummary']
export type FormLimit = components['schemas']['FormRateLimit']

const path = (formId: string) => ({ params: { path: { formId } } })

/** The key without its secret, and where it stands with its limit. Looking is not recorded and costs the key nothing. */
export const summaryQuery = (formId: string) =>
  queryOptions({
    queryKey: ['form', formId, 'api-key'],
    queryFn: () => answer(api.GET('/app/api/v1/forms/{formId}/apiKey/summary', path(formId))),
  })

/** Who may show and generate the key, for those who may not. */
export const holdersQuery = (formId: string) =>
  queryOptions({
    queryKey: ['form', formId, 'api-key-holders'],
    queryFn: () => answer(api.GET('/app/api/v1/forms/{formId}/apiKey/holders', path(formId))),
  })

/** The published version with its definition, for an example that fits the form. */
export const publishedQuery = (formId: string) =>
  queryOptions({
    queryKey: ['form', formId, 'published'],
    queryFn: async () => {
      const { versions } = await answer(api.GET('/app/api/v1/forms/{formId}/version', path(formId)))
      return versions[0] ?? null
    },
  })

/** Shows the secret, which the form's record of events keeps. Undefined when somebody deleted the key meanwhile. */
export async function fetchSecret(formId: string): Promise<string | undefined> {
  const key = await answer(api.GET('/app/api/v1/forms/{formId}/apiKey', path(formId)))
  return key?.secret
}

/** @returns the new secret */
export async function generateKey(formId: string): Promise<string> {
  const key = await answer(api.PUT('/app/api/v1/forms/{formId}/apiKey', path(formId)))
  return key.secret
}

export const deleteKey = (formId: string) => answer(api.DELETE('/app/api/v1/forms/{formId}/apiKey', path(formId)))

export const allowFiles = (formId: string, filesApiAccess: boolean) =>
  answer(api.PUT('/app/api/v1/forms/{formId}/apiKey/filesApiAccess', { ...path(formId), body: { filesApiAccess } }))

/** The limit of the form's keys, and whether the owner of the server has set another one for a while. */
export const formLimitQuery = (formId: string) =>
  queryOptions({
    queryKey: [...summaryQuery(formId).queryKey, 'limit'],
    queryFn: () => answer(api.GET('/app/api/v1/forms/{formId}/rateLimit', path(formId))),
  })

export const raiseLimit = (formId: string, body: components['schemas']['RaisedLimit']) =>
  answer(api.PUT('/app/api/v1/forms/{formId}/rateLimit', { ...path(formId), body }))

export const endRaisedLimit = (formId: string) =>
  answer(api.DELETE('/app/api/v1/forms/{formId}/rateLimit', path(formId)))
