import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainAnswers } from '../../server/test/definitions.ts'
import { type Api, ok, openApi, type TestForm } from '../../server/test/harness.ts'
import { createFormgateClient, type FormgateClient } from '../src/client.ts'
import { downloadExport } from '../src/node.ts'
import { cli } from './cli.ts'

type Answers = typeof plainAnswers

let api: Api
let form: TestForm
let url: string
let client: FormgateClient<Answers, Answers>
let folder: string
beforeAll(async () => {
  api = await openApi()
  form = await api.addForm()
  url = await api.app.listen({ port: 0, host: '127.0.0.1' })
  client = createFormgateClient({ baseUrl: url, formId: form.formId, apiKey: form.secret })
  folder = await mkdtemp(join(tmpdir(), 'formgate-real-'))
})
afterAll(async () => {
  await api.close()
  await rm(folder, { recursive: true })
})

const collect = async <T>(items: AsyncIterable<T>) => {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
const run = (...args: string[]) =>
  cli([...args, '--url', url, '--form', form.formId], { env: { FORMGATE_API_KEY: form.secret } })

describe('against the server', () => {
  it('stores a submission once, reads it, and deletes it', async () => {
    const idempotencyKey = 'once'
    const stored = await client.submissions.create(plainAnswers, { idempotencyKey })
    expect((await client.submissions.create(plainAnswers, { idempotencyKey })).id).toBe(stored.id)
    expect((await client.submissions.get(stored.id)).submission.data.children).toEqual([{ first: 'Bo', years: 3 }])
    await client.submissions.delete(stored.id)
    expect((await client.submissions.get(stored.id)).deleted).toBe(true)
  })

  it('says what is wrong with which answer', async () => {
    const error = await client.submissions.create({ ...plainAnswers, name: '' }).catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'invalid_submission', status: 422, errors: [{ path: 'name' }] })
  })

  it('lists every submission once over many pages', async () => {
    const other = await api.addForm()
    const ids = await Promise.all(Array.from({ length: 25 }, () => api.submit(other)))
    const reader = createFormgateClient({ baseUrl: url, formId: other.formId, apiKey: other.secret })
    const rows = await collect(reader.submissions.list({ pageSize: 10, fields: 'name' }))
    expect(rows.map(({ submissionId }) => submissionId).sort()).toEqual(ids.sort())
    expect(rows[0]).toMatchObject({ name: 'Ada' })
  })

  it('follows the changes while they come', async () => {
    const other = await api.addForm()
    const follower = createFormgateClient({ baseUrl: url, formId: other.formId, apiKey: other.secret })
    const changes = follower.changes.follow({ include: 'submission' })
    const first = changes.next()
    const id = await api.submit(other)
    expect((await first).value).toMatchObject({
      kind: 'created',
      submissionId: id,
      submission: { submission: { data: plainAnswers } },
    })
    ok(await api.call('DELETE', `/submissions/${id}`, { as: api.owner }))
    expect((await changes.next()).value).toMatchObject({ kind: 'deleted', submissionId: id })
    await changes.return()
  }, 60_000)

  it('downloads an export as it is', async () => {
    await api.submit(form)
    for (const format of ['csv', 'json', 'ndjson'] as const) {
      const output = join(folder, `whole.${format}`)
      await downloadExport(client, { output, query: { format } })
      const direct = await api.call('GET', `/forms/${form.formId}/export`, { as: form.key, query: { format } })
      expect(await readFile(output, 'utf8')).toBe(direct.body)
    }
  })

  it('gets the form’s own document', async () => {
    expect(await client.openapi()).toMatchObject({ components: { schemas: { Answers: { required: ['name'] } } } })
  })

  it('calls any other operation by its path', async () => {
    const params = { path: { formId: form.formId } }
    const { data, response } = await client.api.GET('/app/api/v1/forms/{formId}/fields', { params })
    expect([response.status, data?.fields]).toEqual([200, expect.arrayContaining(['name', 'children.years'])])
  })
})

describe('the command against the server', () => {
  it('exports, lists, follows and describes', async () => {
    const output = join(folder, 'cli.csv')
    expect(await run('export', '--output', output)).toMatchObject({ code: 0 })
    expect(await readFile(output, 'utf8')).toMatch(/^form\.submissionId,/)
    const listed = await run('submissions', '--fields', 'name')
    expect(JSON.parse(listed.stdout.split('\n')[0] ?? '')).toMatchObject({ name: 'Ada' })
    expect((await run('changes', '--include-submission')).stdout).toContain('"kind":"created"')
    expect(JSON.parse((await run('openapi')).stdout)).toMatchObject({ openapi: '3.1.0' })
  })

  it('refuses a wrong filter with what the server says', async () => {
    const done = await run('export', '--output', join(folder, 'x.csv'), '--set', 'drafts=perhaps')
    expect(done).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^formgate-client: .*drafts.*\(invalid_query\)\n$/),
    })
  })
})
