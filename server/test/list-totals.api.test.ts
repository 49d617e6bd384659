import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Api, ok, openApi, type TestForm } from './harness.ts'
import { workOn } from './indexed-fields.ts'
import type { Query } from './submission-lists.ts'

/** More than are counted one by one: all are by `test`, one in a hundred is red, and half were deleted. */
const rows = 10_100

let api: Api
let form: TestForm
beforeAll(async () => {
  api = await openApi()
  form = await api.addForm({ schema: { components: [{ type: 'textfield', key: 'colour', input: true }] } })
  await sql`with stored as (
      insert into submission (id, form_id, form_version_id, status, deleted, submission, created_by, created_at)
      select gen_random_uuid(), ${form.formId}, ${form.versionId}, 'SUBMITTED', n % 2 = 0,
        jsonb_build_object('data', jsonb_build_object('colour', case when n % 100 = 0 then 'red' else 'blue' end)),
        'test', timestamptz '2026-01-01' + n * interval '1 s'
      from generate_series(1, ${sql.lit(rows)}) n returning *
    ) insert into submission_count (form_id, form_version_id, draft, deleted, test, shard, count)
    select form_id, form_version_id, draft, deleted, test, 0, count(*) from stored group by 1, 2, 3, 4, 5`.execute(
    api.database.db,
  )
  await sql`analyze submission`.execute(api.database.db)
})
afterAll(() => api.close())

async function total(query: Query) {
  const path = `/forms/${form.formId}/submissions`
  const response = await api.call('GET', path, { as: form.key, query: { paginationEnabled: 'true', ...query } })
  return [ok(response).total, response.headers['total-bounds']]
}

describe('the total', () => {
  it.each<[string, Query, number]>([
    ['without filters', {}, rows],
    ['of those that were not deleted, as kept', { deleted: 'false' }, rows / 2],
    ['of a version', { version: '1' }, rows],
    ['of what was submitted', { filterformSubmissionStatusCode: 'true', draft: 'false' }, rows],
    ['of what has a status', { filterformSubmissionStatusCode: 'true', deleted: 'false' }, rows / 2],
    ['of few among many', { search: 'red', fields: 'colour' }, 101],
    ['of a filter', { 'filter[colour]': 'red', deleted: 'true' }, 101],
    ['of all at once, whatever the filter', { createdBy: 'test', itemsPerPage: '-1' }, rows],
    ['on the last page of many', { createdBy: 'test', page: '1', itemsPerPage: '10000' }, rows],
  ])('is exact %s', async (_, query, expected) => {
    expect(await total(query)).toEqual([expected, undefined])
  })

  it.each<[string, Query, number]>([
    ['a search', { search: 'test' }, rows],
    ['a filter', { 'filter[colour]': ['red', 'blue'] }, rows],
    ['an author', { createdBy: 'test', version: '1' }, rows],
  ])('is an upper bound beyond 10,000 rows of %s, and says so', async (_, query, atMost) => {
    expect(await total(query)).toEqual([atMost, `at-least=10001, at-most=${atMost}`])
  })

  it('is the same by an index', async () => {
    ok(await api.call('PUT', `/forms/${form.formId}/indexedFields`, { as: api.owner, body: { fields: ['colour'] } }))
    await workOn(api, 1000)
    expect(await total({ 'filter[colour]': ['red', 'blue'] })).toEqual([rows, `at-least=10001, at-most=${rows}`])
    expect(await total({ 'filter[colour]': 'blue', deleted: 'true' })).toEqual([rows / 2 - 101, undefined])
  })

  it('of what was sent back for revision is counted among what has a status', async () => {
    const own = await api.addForm()
    for (let each = 0; each < 2; each += 1) await api.submit(own)
    await api.submit(own, {}, { draft: true })
    // Statuses are kept apart from drafts, so this is what two revisions leave.
    await sql`update submission_count set draft = true, shard = shard + 100 where form_id = ${own.formId} and not draft`.execute(
      api.database.db,
    )
    await sql`update submission set draft = true where form_id = ${own.formId}`.execute(api.database.db)
    const query = { paginationEnabled: 'true', filterformSubmissionStatusCode: 'true', itemsPerPage: '1' }
    const list = ok(await api.call('GET', `/forms/${own.formId}/submissions`, { as: own.key, query }))
    expect(list.total).toBe(2)
  })
})
