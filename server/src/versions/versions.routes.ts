import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { accessOf, authorOf } from '../access/caller.ts'
import { formAccess } from '../access/route-access.ts'
import type { Db } from '../db/database.ts'
import { toForm } from '../forms/form.ts'
import { findForm } from '../forms/forms.queries.ts'
import { PublishedFormSummary } from '../forms/forms.schemas.ts'
import { sendJsonText } from '../http/json-text.ts'
import { FormParams, ref, VersionParams } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import type { Definitions } from './definitions.ts'
import { toVersion, versionText, versionTextForRespondents } from './version.ts'
import { findVersion, lockForm, publishVersion, unpublishVersion, versionsOfForm } from './versions.queries.ts'
import { Fields, FormFields, PublishQuery, Version } from './versions.schemas.ts'

type Deps = { db: Db; definitions: Definitions }

export function versionsRoutes({ db, definitions }: Deps): FastifyPluginAsyncTypebox {
  async function findFields(formId: string, versionId: string): Promise<string[]> {
    const definition = await definitions.find(formId, versionId)
    if (!definition) throw problems.notFound('version')
    return definition.fields()
  }

  return async (app) => {
    app.get(
      '/forms/:formId/versions/:formVersionId',
      {
        config: { access: formAccess(['form_read'], { scope: 'form:read' }) },
        schema: {
          operationId: 'getVersion',
          tags: ['versions'],
          params: VersionParams,
          response: { 200: ref(Version) },
        },
      },
      async (request, reply) => {
        const { formId, formVersionId } = request.params
        const [version, definition] = await Promise.all([
          findVersion(db, formId, formVersionId),
          definitions.find(formId, formVersionId),
        ])
        if (!version || !definition) throw problems.notFound('version')
        const text = accessOf(request).permissions.has('design_read') ? versionText : versionTextForRespondents
        return sendJsonText(reply, text(version, definition.text))
      },
    )

    app.get(
      '/forms/:formId/versions/:formVersionId/fields',
      {
        config: { access: formAccess(['form_read'], { scope: 'form:read' }) },
        schema: {
          operationId: 'listVersionFields',
          tags: ['versions'],
          params: VersionParams,
          response: { 200: Fields },
        },
      },
      (request) => findFields(request.params.formId, request.params.formVersionId),
    )

    app.get(
      '/forms/:formId/fields',
      {
        config: { access: formAccess(['form_read'], { scope: 'form:read' }) },
        schema: {
          operationId: 'listFormFields',
          tags: ['versions'],
          params: FormParams,
          response: { 200: ref(FormFields) },
        },
      },
      async (request) => {
        const { formId } = request.params
        const versions = await versionsOfForm(db, formId)
        const chosen = versions.find((each) => each.published) ?? versions[0]
        const fields = chosen ? await findFields(formId, chosen.id) : []
        return {
          versionId: chosen?.id ?? null,
          published: chosen?.published ?? false,
          versions: versions.map(toVersion),
          fields,
        }
      },
    )

    app.post(
      '/forms/:formId/versions/:formVersionId/publish',
      {
        config: { access: formAccess(['form_read', 'design_create'], { scope: 'form:design' }) },
        schema: {
          operationId: 'publishVersion',
          tags: ['versions'],
          params: VersionParams,
          querystring: PublishQuery,
          response: { 200: ref(PublishedFormSummary) },
        },
      },
      async (request) => {
        const { formId, formVersionId } = request.params
        const change = request.query.unpublish ? unpublishVersion : publishVersion
        const author = authorOf(accessOf(request).caller)
        await db.transaction().execute(async (tx) => {
          await lockForm(tx, formId)
          if (!(await change(tx, formId, formVersionId, author))) throw problems.notFound('version')
        })
        return publishedForm(db, formId)
      },
    )
  }
}

async function publishedForm(db: Db, formId: string) {
  const [form, versions] = await Promise.all([findForm(db, formId), versionsOfForm(db, formId)])
  if (!form) throw problems.notFound('form')
  return { ...toForm(form), versions: versions.filter((each) => each.published).map(toVersion) }
}
