import { randomUUID } from 'node:crypto'
import { fillNext, forgetNext } from '../src/indexed-fields/indexed-fields.queries.ts'
import { insertSubmissions } from '../src/submissions/submission-writes.queries.ts'
import { type Api, ok, type TestForm } from './harness.ts'

/** Asks for indexes on these fields alone, and builds them as the server does beside its requests. */
export async function index(api: Api, form: Pick<TestForm, 'formId'>, fields: string[]): Promise<void> {
  ok(await api.call('PUT', `/forms/${form.formId}/indexedFields`, { as: api.owner, body: { fields } }))
  await workOn(api)
}

/** A batch of two at a time: what is right at the edges of batches is right. */
export async function workOn({ database: { db } }: Api, batchSize = 2): Promise<void> {
  while ((await fillNext(db, batchSize)) !== 'nothing');
  while ((await forgetNext(db, batchSize)) !== 'nothing');
}

/** Stores a submission with answers of any type, as a form without checks would, and gives its id. */
export async function store({ database: { db } }: Api, form: TestForm, answers: object, test = false): Promise<string> {
  const id = randomUUID()
  const items = [{ id, submission: JSON.stringify({ data: answers }) }]
  const target = { formId: form.formId, versionId: form.versionId, draft: false, late: false, test }
  await insertSubmissions(db, { ...target, author: 'test', userId: null, items })
  return id
}
