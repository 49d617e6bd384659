import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '../../api/client.ts'
import type { components } from '../../api/schema.d.ts'
import { useFormId } from '../../app/form.ts'
import { summaryQuery } from '../settings/api-key-queries.ts'

export type NamedKey = components['schemas']['NamedApiKey']
export type KeyUse = NonNullable<NamedKey['lastUsed']>
export type KeyUsage = components['schemas']['KeyUsage']

const listOf = (formId: string, revoked: boolean) =>
  answer(api.GET('/app/api/v1/forms/{formId}/apiKeys', { params: { path: { formId }, query: { revoked } } }))

/** Below the summary's: whatever changes one key makes all that is known of the form's keys stale. */
const keyOf = (formId: string, ...rest: unknown[]) => [...summaryQuery(formId).queryKey, ...rest]

/** The form's keys that are not revoked, Default first. */
export const keysQuery = (formId: string) =>
  queryOptions({ queryKey: keyOf(formId, 'keys'), queryFn: () => listOf(formId, false) })

/** The others, which stay for the record. */
export const revokedKeysQuery = (formId: string) =>
  queryOptions({
    queryKey: keyOf(formId, 'revoked'),
    queryFn: async () => (await listOf(formId, true)).filter(({ state }) => state === 'revoked'),
  })

/** How much a key was used in the last 30 days. */
export const usageQuery = (formId: string, keyId: number) =>
  queryOptions({
    queryKey: keyOf(formId, 'usage', keyId),
    queryFn: () => answer(api.GET('/app/api/v1/forms/{formId}/apiKeys/{keyId}/usage', at(formId, keyId))),
  })

const at = (formId: string, keyId: number) => ({ params: { path: { formId, keyId } } })

/** To call after a change of a key: whatever shows keys follows. */
export function useRefreshKeys(): () => Promise<void> {
  const queries = useQueryClient()
  const formId = useFormId()
  return () => queries.invalidateQueries({ queryKey: summaryQuery(formId).queryKey })
}

export const makeKey = (formId: string, body: components['schemas']['NewNamedApiKey']) =>
  answer(api.POST('/app/api/v1/forms/{formId}/apiKeys', { params: { path: { formId } }, body }))

export const changeKey = ({ formId, id }: NamedKey, body: components['schemas']['NamedApiKeyChange']) =>
  answer(api.PATCH('/app/api/v1/forms/{formId}/apiKeys/{keyId}', { ...at(formId, id), body }))

/** Shows the secret, which the form's record of events keeps. */
export async function fetchSecretOf({ formId, id }: NamedKey): Promise<string> {
  const { secret } = await answer(api.GET('/app/api/v1/forms/{formId}/apiKeys/{keyId}/secret', at(formId, id)))
  return secret
}

/** @returns the key with its new secret */
export const rotateKey = ({ formId, id }: NamedKey, overlapHours: number) =>
  answer(api.POST('/app/api/v1/forms/{formId}/apiKeys/{keyId}/rotate', { ...at(formId, id), body: { overlapHours } }))

/** Ends the overlap of a rotation: the former secret stops working. */
export const endOverlap = ({ formId, id }: NamedKey) =>
  answer(api.DELETE('/app/api/v1/forms/{formId}/apiKeys/{keyId}/previousSecret', at(formId, id)))

export const revokeKey = ({ formId, id }: NamedKey, reason: string) =>
  answer(
    api.POST('/app/api/v1/forms/{formId}/apiKeys/{keyId}/revoke', {
      ...at(formId, id),
      body: { reason: reason.trim() === '' ? null : reason.trim() },
    }),
  )
