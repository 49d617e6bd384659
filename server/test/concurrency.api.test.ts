import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { plainAnswers, plainForm } from './definitions.ts'
import { type Api, ok, openApi, type TestForm } from './harness.ts'
import { expectSoundDatabase } from './sound-database.ts'

let api: Api
let form: TestForm

beforeAll(async () => {
  api = await openApi()
})
beforeEach(async () => {
  form = await api.addForm()
})
afterAll(() => api.close())

type Answer = Awaited<ReturnType<Api['call']>>
const atOnce = (count: number, call: (index: number) => Promise<Answer>) =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index)))
const statusesOf = (answers: Answer[]) => new Set(answers.map((each) => each.statusCode))

describe('50 who change one submission at once', () => {
  it('leave counts, statuses and the row in agreement', async () => {
    const id = await api.submit(form)
    const path = `/submissions/${id}`
    const body = { submission: { data: plainAnswers } }
    const answers = await atOnce(50, (index) => {
      if (index % 3 === 0) return api.call('DELETE', path, { as: form.key })
      if (index % 3 === 1) return api.call('PUT', `${path}/restore`, { as: api.owner, body: { deleted: false } })
      return api.call('PUT', path, { as: api.owner, body })
    })
    for (const status of statusesOf(answers)) expect([200, 409]).toContain(status)
    await expectSoundDatabase(api.database.pool)
  })

  it('submit a draft once', async () => {
    const id = await api.submit(form, {}, { draft: true })
    const body = { draft: false, submission: { data: plainAnswers } }
    const answers = await atOnce(50, () => api.call('PUT', `/submissions/${id}`, { as: api.owner, body }))
    for (const status of statusesOf(answers)) expect([200, 409]).toContain(status)
    const history = ok(await api.call('GET', `/submissions/${id}/status`, { as: form.key }))
    expect(history).toHaveLength(1)
    await expectSoundDatabase(api.database.pool)
  })

  it('delete it, all of them', async () => {
    const id = await api.submit(form)
    const answers = await atOnce(50, () => api.call('DELETE', `/submissions/${id}`, { as: form.key }))
    expect(statusesOf(answers)).toEqual(new Set([200]))
    await expectSoundDatabase(api.database.pool)
  })

  it('and those who add others leave counts that are right', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => api.submit(form)))
    await atOnce(60, async (index) => {
      const path = `/submissions/${ids[index % ids.length]}`
      if (index % 2 === 0) return api.call('DELETE', path, { as: form.key })
      await api.submit(form, plainAnswers, { draft: index % 4 === 1 })
      return api.call('GET', path, { as: form.key })
    })
    await expectSoundDatabase(api.database.pool)
  })
})

describe('20 who publish at once', () => {
  it('make one version each, without gaps, and leave one published', async () => {
    const drafts = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const body = { schema: plainForm }
        return ok(await api.call('POST', `/forms/${form.formId}/drafts`, { as: form.key, body })).id
      }),
    )
    const answers = await atOnce(20, (index) =>
      api.call('POST', `/forms/${form.formId}/drafts/${drafts[index]}/publish`, { as: form.key }),
    )
    expect(statusesOf(answers)).toEqual(new Set([200]))
    const { versions } = ok(await api.call('GET', `/forms/${form.formId}`, { as: form.key }))
    const numbers = versions.map((each: { version: number }) => each.version)
    expect(numbers).toEqual(Array.from({ length: 21 }, (_, index) => 21 - index))
    await expectSoundDatabase(api.database.pool)
  })

  it('publish the same draft once', async () => {
    const body = { schema: plainForm }
    const draft = ok(await api.call('POST', `/forms/${form.formId}/drafts`, { as: form.key, body }))
    const path = `/forms/${form.formId}/drafts/${draft.id}/publish`
    const answers = await atOnce(20, () => api.call('POST', path, { as: form.key }))
    expect(answers.filter((each) => each.statusCode === 200)).toHaveLength(1)
    expect(answers.filter((each) => each.statusCode === 404)).toHaveLength(19)
  })

  it('and take back at once leave at most one published', async () => {
    const path = `/forms/${form.formId}/versions/${form.versionId}/publish`
    const answers = await atOnce(20, (index) =>
      api.call('POST', `${path}?unpublish=${index % 2 === 0}`, { as: form.key }),
    )
    expect(statusesOf(answers)).toEqual(new Set([200]))
    await expectSoundDatabase(api.database.pool)
  })
})

describe('keys that change while they are used', () => {
  it('let nobody in who comes after the new one was shown', async () => {
    const get = () => api.call('GET', `/forms/${form.formId}`, { as: form.key })
    const before = Array.from({ length: 100 }, get)
    const replaced = api.call('PUT', `/forms/${form.formId}/apiKey`, { as: api.owner })
    const during = Array.from({ length: 100 }, get)
    ok(await replaced)
    expect(statusesOf(await atOnce(50, get))).toEqual(new Set([401]))
    for (const status of statusesOf(await Promise.all([...before, ...during]))) expect([200, 401]).toContain(status)
  })

  it('are one in the end: the one shown last', async () => {
    const answers = await atOnce(20, () => api.call('PUT', `/forms/${form.formId}/apiKey`, { as: api.owner }))
    expect(statusesOf(answers)).toEqual(new Set([200]))
    const { secret } = ok(await api.call('GET', `/forms/${form.formId}/apiKey`, { as: api.owner }))
    const works = await atOnce(20, (index) => {
      const each = answers[index]?.json().secret
      return api.call('GET', `/forms/${form.formId}`, { as: { formId: form.formId, secret: each } })
    })
    const working = works.flatMap(({ statusCode }, index) =>
      statusCode === 200 ? [answers[index]?.json().secret] : [],
    )
    expect(working).toEqual([secret])
  })

  it('are not generated for a form that is being deleted', async () => {
    const { pool } = api.database
    const deleting = await pool.connect()
    try {
      await deleting.query('begin')
      await deleting.query('update form set active = false where id = $1', [form.formId])
      await deleting.query('delete from api_key where form_id = $1', [form.formId])
      const generating = api.call('PUT', `/forms/${form.formId}/apiKey`, { as: api.owner })
      await vi.waitFor(async () => expect(await waiting()).toBe(1), { timeout: 10_000 })
      await deleting.query('commit')
      expect((await generating).statusCode).toBe(404)
    } finally {
      deleting.release()
    }
    await expectSoundDatabase(pool)
  })
})

/** How many connections wait for another one's lock. */
async function waiting(): Promise<number> {
  const { rows } = await api.database.pool.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return rows.length
}
