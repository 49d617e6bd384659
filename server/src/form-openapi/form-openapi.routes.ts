import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { accessOf, type Caller } from '../access/caller.ts'
import { formAccess } from '../access/route-access.ts'
import { scopes } from '../access/scope.ts'
import type { Db } from '../db/database.ts'
import { findForm } from '../forms/forms.queries.ts'
import { entityTagOf, hasAlready } from '../http/entity-tag.ts'
import { sendJsonText } from '../http/json-text.ts'
import { FormParams, ref } from '../http/schemas.ts'
import type { OpenApiDocument } from '../openapi/complete.ts'
import { problems } from '../problem.ts'
import type { Validator } from '../validation/validator.ts'
import type { Definitions } from '../versions/definitions.ts'
import { versionsOfForm } from '../versions/versions.queries.ts'
import { formDocument } from './form-document.ts'
import { FormOpenapi, IfNoneMatch } from './form-openapi.schemas.ts'
import { describedAnswers } from './form-openapi.ts'
import { keepTexts } from './kept-texts.ts'

type Deps = { db: Db; definitions: Definitions; validator: Validator; address(): string }

const keptCharactersMax = 16 * 1024 * 1024

/** The document of one form: its fields, and what a key of it can call. */
export function formOpenapiRoutes({ db, definitions, validator, address }: Deps): FastifyPluginAsyncTypebox {
  const kept = keepTexts(keptCharactersMax)
  return async (app) => {
    app.get(
      '/forms/:formId/openapi.json',
      {
        config: { access: formAccess(['form_read'], { scope: 'form:read', byRole: true }) },
        schema: {
          operationId: 'getFormOpenapi',
          summary: 'Get the OpenAPI document of a form',
          tags: ['forms'],
          description:
            'This form’s fields as schemas, with examples, and the operations on its submissions that the calling key may use; for a person, those that some key may.',
          params: FormParams,
          headers: IfNoneMatch,
          response: { 200: ref(FormOpenapi), 304: { type: 'null', description: 'Not Modified' } },
        },
      },
      async (request, reply) => {
        const { formId } = request.params
        const [form, versions] = await Promise.all([findForm(db, formId), versionsOfForm(db, formId)])
        if (!form) throw problems.notFound('form')
        const { name, description } = form
        const known = {
          form: { id: form.id, name, description },
          address: address(),
          scopes: scopesOf(accessOf(request).caller),
        }
        const states = versions.map(({ id, published }) => [id, published])
        const key = JSON.stringify([known.form, known.address, [...known.scopes].sort(), states])
        const text = await kept.get(key, async () => {
          const described = await describedAnswers({ definitions, validator }, formId, versions)
          // What the plugin made is completed by documentApi, whose type is ours.
          return JSON.stringify(formDocument(app.swagger() as OpenApiDocument, { ...known, ...described }))
        })
        const etag = entityTagOf(text)
        reply.headers({ etag, 'cache-control': 'private, no-cache' })
        if (hasAlready(request.headers, etag)) return reply.code(304).send(null)
        return sendJsonText(reply, text)
      },
    )
  }
}

function scopesOf(caller: Caller): ReadonlySet<string> {
  return caller.kind === 'apiKey' ? caller.scopes : new Set<string>(scopes)
}
