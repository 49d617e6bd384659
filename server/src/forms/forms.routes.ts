import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { accessOf, authorOf, type Caller, keyLacks } from '../access/caller.ts'
import { accessMode } from '../access/permission.ts'
import { formAccess, publicAccess, signedInAccess } from '../access/route-access.ts'
import { revokeKeysOfForm } from '../api-keys/named-keys.queries.ts'
import { recordAudit } from '../audit/audit.queries.ts'
import type { Clock } from '../clock.ts'
import type { Db } from '../db/database.ts'
import { insertDraft } from '../drafts/drafts.queries.ts'
import { newId } from '../http/ids.ts'
import { sendJsonText, withMember } from '../http/json-text.ts'
import { FormParams, NoContent, ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import { assertDefinition } from '../versions/assert-definition.ts'
import type { Definitions } from '../versions/definitions.ts'
import { toVersion, versionText, versionTextForRespondents } from '../versions/version.ts'
import { findPublishedVersion, versionsOfForm } from '../versions/versions.queries.ts'
import { changesAccess, forRespondents, isIdentityProvider, settingsIn, snakeName, toForm } from './form.ts'
import {
  deactivateForm,
  type FormValues,
  findForm,
  insertForm,
  statusCodesOfForm,
  updateForm,
} from './forms.queries.ts'
import {
  CreatedForm,
  Form,
  FormChange,
  FormOptions,
  FormStatusCode,
  GetFormQuery,
  NewForm,
  PublishedForm,
} from './forms.schemas.ts'
import { publicSchedule, type Schedule, scheduleMistake } from './schedule.ts'

type Deps = { db: Db; definitions: Definitions; clock: Clock }

export function formsRoutes({ db, definitions, clock }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/forms',
      {
        config: { access: signedInAccess },
        schema: { operationId: 'createForm', tags: ['forms'], body: ref(NewForm), response: { 201: ref(CreatedForm) } },
      },
      async (request, reply) => {
        reply.code(201)
        return createForm(db, request.body, accessOf(request).caller)
      },
    )

    app.get(
      '/forms/:formId',
      {
        config: { access: formAccess(['form_read'], { scope: 'form:read', deletedForm: true }) },
        schema: {
          operationId: 'getForm',
          tags: ['forms'],
          description:
            'Respondents without a role get no versions, and nothing of whom and what the team notifies, or of who it is.',
          params: FormParams,
          querystring: GetFormQuery,
          response: { 200: ref(Form) },
        },
      },
      async (request) => {
        const form = await findForm(db, request.params.formId)
        if (!form || form.active !== (request.query.active ?? true)) throw problems.notFound('form')
        const team = accessOf(request).permissions.has('design_read')
        return team ? { ...toForm(form), versions: await versionSummaries(db, form.id) } : forRespondents(toForm(form))
      },
    )

    app.put(
      '/forms/:formId',
      {
        config: { access: formAccess(['form_read', 'form_update'], { scope: 'form:update' }) },
        schema: {
          operationId: 'updateForm',
          tags: ['forms'],
          params: FormParams,
          body: ref(FormChange),
          response: { 200: ref(Form) },
        },
      },
      async (request) => {
        const { formId } = request.params
        const { caller } = accessOf(request)
        const change = keyLacks(caller, 'form:access') ? await besideAccess(db, formId, request.body) : request.body
        const form = await updateForm(db, formId, valuesIn(change), authorOf(caller))
        if (!form) throw problems.notFound('form')
        return { ...toForm(form), versions: await versionSummaries(db, form.id) }
      },
    )

    app.delete(
      '/forms/:formId',
      {
        config: { access: formAccess(['form_read', 'form_delete'], { scope: 'form:delete' }) },
        schema: {
          operationId: 'deleteForm',
          tags: ['forms'],
          description: 'The form can be brought back, its API key cannot: it stops working at once.',
          params: FormParams,
          response: { 204: NoContent },
        },
      },
      async (request, reply) => {
        await deleteForm(db, request.params.formId, accessOf(request).caller)
        return reply.code(204).send(null)
      },
    )

    app.get(
      '/forms/:formId/version',
      {
        config: { access: formAccess(['form_read'], { scope: 'form:read' }) },
        schema: {
          operationId: 'getPublishedForm',
          tags: ['forms'],
          description: 'The form with its published version and that version’s definition.',
          params: FormParams,
          response: { 200: ref(PublishedForm) },
        },
      },
      async (request, reply) => {
        const { formId } = request.params
        const [form, version] = await Promise.all([findForm(db, formId), findPublishedVersion(db, formId)])
        if (!form) throw problems.notFound('form')
        const definition = version && (await definitions.find(formId, version.id))
        const toTeam = accessOf(request).permissions.has('design_read')
        const shown = toTeam ? toForm(form) : forRespondents(toForm(form))
        const textOf = toTeam ? versionText : versionTextForRespondents
        const schedule = publicSchedule(form.settings.schedule as Schedule | undefined, clock())
        const text = JSON.stringify({ ...shown, schedule, submissionReceivedEmails: undefined })
        return sendJsonText(
          reply,
          withMember(text, 'versions', `[${version && definition ? textOf(version, definition.text) : ''}]`),
        )
      },
    )

    app.get(
      '/forms/:formId/options',
      {
        config: { access: publicAccess },
        schema: {
          operationId: 'getFormOptions',
          tags: ['forms'],
          description: 'What a page must know before anybody signs in.',
          params: FormParams,
          response: { 200: ref(FormOptions) },
        },
      },
      async (request) => {
        const row = await findForm(db, request.params.formId)
        if (!row?.active) throw problems.notFound('form')
        const form = toForm(row)
        return {
          id: form.id,
          name: form.name,
          description: form.description,
          enableSubmissionUrlSharing: form.enableSubmissionUrlSharing,
          showSubmissionConfirmation: form.showSubmissionConfirmation,
          enableSubmitterEmailReceipt: form.enableSubmitterEmailReceipt,
          hideSubmissionContentOnSuccess: form.hideSubmissionContentOnSuccess,
          idpHints: row.identity_providers,
          snake: snakeName(row.name),
        }
      },
    )

    app.get(
      '/forms/:formId/statusCodes',
      {
        config: { access: formAccess(['form_read'], { scope: 'form:read' }) },
        schema: {
          operationId: 'listStatusCodes',
          tags: ['forms'],
          params: FormParams,
          response: { 200: Type.Array(ref(FormStatusCode)) },
        },
      },
      async (request) => {
        const codes = (await statusCodesOfForm(db, request.params.formId)).map(toStatusCode)
        if (accessOf(request).permissions.has('design_read')) return codes
        return codes.map(({ createdBy: _, ...code }) => code)
      },
    )
  }
}

async function createForm(db: Db, body: NewForm, caller: Caller) {
  if (caller.kind !== 'user') throw problems.unauthorized()
  const { schema } = body
  if (schema !== undefined) assertDefinition(schema, 'schema')
  const author = { name: authorOf(caller), userId: caller.id }
  const preset: FormValues = { name: '', description: null, labels: [], identity_providers: [], settings: '{}' }
  return db.transaction().execute(async (tx) => {
    const form = await insertForm(tx, newId(), { ...preset, ...valuesIn(body) }, author)
    const draft =
      schema === undefined ? null : await insertDraft(tx, newId(), form.id, null, JSON.stringify(schema), author.name)
    await recordAudit(tx, 'form.created', caller, form.id)
    const shown = draft && { id: draft.id, formId: form.id, createdBy: author.name, schema: schema ?? {} }
    return { ...toForm(form), versions: [], draft: shown }
  })
}

function deleteForm(db: Db, formId: string, caller: Caller): Promise<void> {
  return db.transaction().execute(async (tx) => {
    if (!(await deactivateForm(tx, formId, authorOf(caller)))) throw problems.notFound('form')
    await recordAudit(tx, 'form.deleted', caller, formId)
    // None of them works again, also when the form is brought back.
    const reason = 'The form was deleted.'
    for (const keyId of await revokeKeysOfForm(tx, formId, reason, authorOf(caller))) {
      await recordAudit(tx, 'apiKey.revoked', caller, formId, { keyId, reason })
    }
  })
}

/**
 * What a key changes that may not change who may access the form. Naming that as it is now is no change: programs send
 * back what they have read. It is not written either, for it may be changed by somebody else at this very moment.
 */
async function besideAccess(db: Db, formId: string, change: FormChange): Promise<FormChange> {
  const before = await findForm(db, formId)
  if (before && changesAccess(before, change)) throw problems.insufficientScope('form:access')
  const { identityProviders: _, enableSubmissionUrlSharing: _s, ...others } = change
  return others
}

/** The members of a body that are written, and nothing else of it. */
function valuesIn(body: FormChange): Partial<FormValues> {
  const mistake = body.schedule ? scheduleMistake(body.schedule as Schedule) : undefined
  if (mistake) throw problems.invalidBody([{ path: 'schedule', message: mistake }])
  return {
    ...(body.name === undefined ? {} : { name: body.name.trim() }),
    ...(body.description === undefined ? {} : { description: body.description }),
    ...(body.labels === undefined ? {} : { labels: body.labels }),
    ...(body.identityProviders === undefined ? {} : { identity_providers: providerCodes(body.identityProviders) }),
    settings: settingsIn(body),
  }
}

function providerCodes(providers: { code: string }[]): string[] {
  const codes = [...new Set(providers.map(({ code }) => code))]
  const unknown = codes.findIndex((code) => !isIdentityProvider(code))
  if (unknown >= 0) {
    const path = `identityProviders[${unknown}].code`
    throw problems.invalidBody([{ path, message: 'must be "public" or "login"; leave the list empty for the team' }])
  }
  if (accessMode(codes) === 'public' && codes.length > 1) {
    throw problems.invalidBody([{ path: 'identityProviders', message: '"public" stands alone' }])
  }
  return codes
}

async function versionSummaries(db: Db, formId: string) {
  return (await versionsOfForm(db, formId)).map(toVersion)
}

function toStatusCode(row: Awaited<ReturnType<typeof statusCodesOfForm>>[number]) {
  const stamps = {
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    updatedBy: null,
    updatedAt: row.created_at.toISOString(),
  }
  const statusCode = { code: row.code, display: row.display, nextCodes: row.next_codes }
  return { id: row.id, formId: row.form_id, code: row.code, statusCode, ...stamps }
}
