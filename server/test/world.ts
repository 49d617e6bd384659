import { randomUUID } from 'node:crypto'
import { scopes } from '../src/access/scope.ts'
import { plainAnswers } from './definitions.ts'
import { type Api, ok, type TestForm } from './harness.ts'
import { fileAnswer, upload } from './multipart.ts'

/** A form with one of everything that an operation can name. */
export type World = TestForm & { ids: Record<string, string> }

/** A new form whose key Default may do all that keys can. @param name an answer of its submission */
export async function addWorld(api: Api, name = 'Ada'): Promise<World> {
  const form = await api.addForm({ access: 'team' })
  const body = { schema: { components: [] } }
  const draft = ok(await api.call('POST', `/forms/${form.formId}/drafts`, { as: form.key, body }))
  const { keyId } = ok(await api.call('GET', `/forms/${form.formId}/apiKey/summary`, { as: api.owner }))
  const path = `/forms/${form.formId}/apiKeys/${keyId}`
  ok(await api.call('PATCH', path, { as: api.owner, body: { scopes } }))
  const submissionId = await api.submit(form, { ...plainAnswers, name })
  const ids = {
    formId: form.formId,
    formVersionId: form.versionId,
    formVersionDraftId: draft.id,
    formSubmissionId: submissionId,
    fileId: await addFile(api, form, submissionId, name),
    code: 'owner',
    exportId: await addExport(api, form),
    keyId: String(keyId),
    invitationId: randomUUID(),
  }
  return { ...form, ids }
}

async function addExport(api: Api, form: TestForm): Promise<string> {
  const response = await api.call('GET', `/forms/${form.formId}/export`, { as: form.key })
  return String(response.headers['content-location']).split('/').at(-2) ?? ''
}

/** A file of that submission. */
async function addFile(api: Api, form: TestForm, submissionId: string, content: string): Promise<string> {
  const file = ok(await upload(api, form.formId, { content }, { as: api.owner }))
  const submission = { data: { ...plainAnswers, attachments: fileAnswer(file) } }
  ok(await api.call('PUT', `/submissions/${submissionId}`, { as: api.owner, body: { submission } }))
  return file.id
}
