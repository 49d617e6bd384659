import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { accessOf } from '../access/caller.ts'
import { formAccess } from '../access/route-access.ts'
import { recordAudit } from '../audit/audit.queries.ts'
import { FormParams, NoContent, ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import { changeNamedKey, endOverlap, makeKey, revoke, rotate } from './changing-keys.ts'
import { findKey, keysOfForm, type NamedKeyRow } from './named-keys.queries.ts'
import {
  KeySecret,
  KeysQuery,
  KeyUsage,
  NamedApiKey,
  NamedApiKeyChange,
  NamedApiKeyWithSecret,
  NamedKeyParams,
  NewNamedApiKey,
  Revocation,
  Rotation,
  UsageQuery,
} from './named-keys.schemas.ts'
import { type KeyViewDeps, openSecret, toNamedKey, toNamedKeys, usageOf } from './named-keys-view.ts'

/** A form's keys, each with a name of its own: people only, never a key itself. */
export function namedKeysRoutes(deps: KeyViewDeps): FastifyPluginAsyncTypebox {
  const { db } = deps

  async function keyIn({ formId, keyId }: { formId: string; keyId: number }): Promise<NamedKeyRow> {
    const key = await findKey(db, formId, keyId)
    if (!key) throw problems.notFound('API key')
    return key
  }

  return async (app) => {
    app.get(
      '/forms/:formId/apiKeys',
      {
        config: { access: formAccess(['form_api_read']) },
        schema: {
          operationId: 'listApiKeys',
          tags: ['API key'],
          description: 'The form’s keys without their secrets; the key of `/apiKey` is the one named Default.',
          params: FormParams,
          querystring: KeysQuery,
          response: { 200: Type.Array(ref(NamedApiKey)) },
        },
      },
      async ({ params, query }) => toNamedKeys(deps, await keysOfForm(db, params.formId, query.revoked ?? false)),
    )

    app.post(
      '/forms/:formId/apiKeys',
      {
        config: { access: formAccess(['form_api_create']) },
        schema: {
          operationId: 'createNamedApiKey',
          tags: ['API key'],
          description: 'Makes a key with scopes. The reply holds its secret.',
          params: FormParams,
          body: ref(NewNamedApiKey),
          response: { 201: ref(NamedApiKeyWithSecret) },
        },
      },
      async (request, reply) => {
        const { formId } = request.params
        const made = await makeKey(deps, formId, accessOf(request), request.body)
        return reply
          .code(201)
          .send({ ...(await toNamedKey(deps, await keyIn({ formId, keyId: made.id }))), secret: made.secret })
      },
    )

    app.get(
      '/forms/:formId/apiKeys/:keyId',
      {
        config: { access: formAccess(['form_api_read']) },
        schema: {
          operationId: 'getNamedApiKey',
          tags: ['API key'],
          params: NamedKeyParams,
          response: { 200: ref(NamedApiKey) },
        },
      },
      async ({ params }) => toNamedKey(deps, await keyIn(params)),
    )

    app.patch(
      '/forms/:formId/apiKeys/:keyId',
      {
        config: { access: formAccess(['form_api_update']) },
        schema: {
          operationId: 'changeNamedApiKey',
          tags: ['API key'],
          description:
            'Changes what is named and leaves the rest. Effective with the next call, on every container; where the key was over its limit, a wider one within a second.',
          params: NamedKeyParams,
          body: ref(NamedApiKeyChange),
          response: { 200: ref(NamedApiKey) },
        },
      },
      async (request) => {
        await changeNamedKey(deps, request.params, accessOf(request), request.body)
        return toNamedKey(deps, await keyIn(request.params))
      },
    )

    app.get(
      '/forms/:formId/apiKeys/:keyId/secret',
      {
        config: { access: formAccess(['form_api_read']) },
        schema: {
          operationId: 'showNamedApiKey',
          tags: ['API key'],
          description: 'Shows the secret, any day. Each look is recorded.',
          params: NamedKeyParams,
          response: { 200: ref(KeySecret) },
        },
      },
      async (request) => {
        const key = await keyIn(request.params)
        const secret = openSecret(deps, key)
        if (secret === undefined) throw problems.conflict('The key is revoked; its secret is gone.')
        await recordAudit(db, 'apiKey.shown', accessOf(request).caller, key.form_id, { keyId: key.id })
        return { secret }
      },
    )

    app.post(
      '/forms/:formId/apiKeys/:keyId/rotate',
      {
        config: { access: formAccess(['form_api_create']) },
        schema: {
          operationId: 'rotateNamedApiKey',
          tags: ['API key'],
          description:
            'Puts a new secret in place. The present one works on for the overlap, so that programs can be changed one after the other; both count into one limit.',
          params: NamedKeyParams,
          body: ref(Rotation),
          response: { 200: ref(NamedApiKeyWithSecret) },
        },
      },
      async (request) => {
        const secret = await rotate(deps, request.params, accessOf(request), request.body.overlapHours)
        return { ...(await toNamedKey(deps, await keyIn(request.params))), secret }
      },
    )

    app.delete(
      '/forms/:formId/apiKeys/:keyId/previousSecret',
      {
        config: { access: formAccess(['form_api_update']) },
        schema: {
          operationId: 'endNamedApiKeyOverlap',
          tags: ['API key'],
          description: 'Ends the overlap of a rotation: the secret before it stops working at once.',
          params: NamedKeyParams,
          response: { 204: NoContent },
        },
      },
      async (request, reply) => {
        await endOverlap(deps, request.params, accessOf(request))
        return reply.code(204).send(null)
      },
    )

    app.post(
      '/forms/:formId/apiKeys/:keyId/revoke',
      {
        config: { access: formAccess(['form_api_delete']) },
        schema: {
          operationId: 'revokeNamedApiKey',
          tags: ['API key'],
          description:
            'The key stops working at once and for good. It stays in the list of revoked keys, without its secret.',
          params: NamedKeyParams,
          body: ref(Revocation),
          response: { 200: ref(NamedApiKey) },
        },
      },
      async (request) => {
        await revoke(deps, request.params, accessOf(request), request.body.reason ?? null)
        return toNamedKey(deps, await keyIn(request.params))
      },
    )

    app.get(
      '/forms/:formId/apiKeys/:keyId/usage',
      {
        config: { access: formAccess(['form_api_read']) },
        schema: {
          operationId: 'getNamedApiKeyUsage',
          tags: ['API key'],
          description: 'How much the key was used, by day.',
          params: NamedKeyParams,
          querystring: UsageQuery,
          response: { 200: ref(KeyUsage) },
        },
      },
      async ({ params, query }) => usageOf(deps, (await keyIn(params)).id, query.days ?? 30),
    )
  }
}
