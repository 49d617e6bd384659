import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { accessOf, authorOf, type Caller } from '../access/caller.ts'
import { formAccess, serverOwnerAccess } from '../access/route-access.ts'
import { recordAudit } from '../audit/audit.queries.ts'
import type { Db } from '../db/database.ts'
import { FormParams, ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import { findTeamForm } from '../team/team.queries.ts'
import { RestoredForm } from '../team/team.schemas.ts'
import { toForm as toTeamForm } from '../team/team-view.ts'
import { toVersion } from '../versions/version.ts'
import { versionsOfForm } from '../versions/versions.queries.ts'
import { toForm } from './form.ts'
import { findForm, reactivateForm } from './forms.queries.ts'
import { Form } from './forms.schemas.ts'

const keyIsGone = 'All is as before, but for the API key: a new one has to be generated.'

/** The way back for deleted forms. */
export function restoredFormsRoutes({ db }: { db: Db }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.put(
      '/forms/:formId/restore',
      {
        config: { access: formAccess(['form_read', 'form_delete'], { deletedForm: true, byRole: true }) },
        schema: {
          operationId: 'restoreForm',
          tags: ['forms'],
          description: `Brings a deleted form back. ${keyIsGone} A form that is not deleted stays as it is.`,
          params: FormParams,
          response: { 200: ref(Form) },
        },
      },
      async (request) => {
        const { formId } = request.params
        await restoreForm(db, formId, accessOf(request).caller)
        const form = await findForm(db, formId)
        if (!form) throw problems.notFound('form')
        return { ...toForm(form), versions: (await versionsOfForm(db, form.id)).map(toVersion) }
      },
    )

    app.put(
      '/admin/forms/:formId/restore',
      {
        config: { access: serverOwnerAccess },
        schema: {
          operationId: 'restoreFormAsServerOwner',
          tags: ['forms'],
          description: `Brings anybody’s deleted form back. ${keyIsGone}`,
          params: FormParams,
          response: { 200: ref(RestoredForm) },
        },
      },
      async (request) => {
        const { formId } = request.params
        await restoreForm(db, formId, accessOf(request).caller)
        const form = await findTeamForm(db, formId)
        if (!form) throw problems.notFound('form')
        return toTeamForm(form, { roles: [], permissions: [] })
      },
    )
  }
}

function restoreForm(db: Db, formId: string, caller: Caller): Promise<void> {
  return db.transaction().execute(async (tx) => {
    if (await reactivateForm(tx, formId, authorOf(caller))) await recordAudit(tx, 'form.restored', caller, formId)
  })
}
