import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadDemo } from '../src/demo/demo.ts'
import { demoAnswers, demoForm } from '../src/demo/demo-form.ts'
import { firstAccountOf } from '../src/people/first-account.ts'
import { columnsOf } from '../src/validation/definition.ts'
import { type Api, ok, openApi } from './harness.ts'

let api: Api
let lines: string[]

const secretKey = 'a secret key for tests, long enough'
const load = async () => {
  const { db } = api.database
  const firstAccount = firstAccountOf({ db, sign: (text) => text, random: (size) => Buffer.alloc(size, 1) })
  return (await loadDemo({ db, secretKey, firstAccount }))('http://localhost:3000')
}

beforeAll(async () => {
  api = await openApi()
  await api.database.pool.query('delete from app_user')
  lines = await load()
})
afterAll(() => api.close())

/** The form, its version and its key, as a person would read them off the console. */
function pasted() {
  const text = lines.join('\n')
  const [, formId = '', secret = ''] = /curl -u ([\w-]+):(\w+)/.exec(text) ?? []
  const [, versionId = ''] = /versions\/([\w-]+)\/submissions/.exec(text) ?? []
  return { formId, versionId, key: { formId, secret } }
}

describe('the demo', () => {
  it('has a form of 15 inputs or more', () => {
    expect(columnsOf(demoForm.schema).length).toBeGreaterThanOrEqual(15)
  })

  it('tells a new server’s first account', () => {
    expect(lines[0]).toMatch(/demo@example\.org, password \S{12}/)
  })

  it('has 200 submissions that its key reads', async () => {
    const { formId, key } = pasted()
    const query = { paginationEnabled: 'true', itemsPerPage: '5', fields: 'organisation,amount' }
    const page = ok(await api.call('GET', `/forms/${formId}/submissions`, { as: key, query }))
    expect([page.total, page.results.length]).toEqual([200, 5])
    expect(page.results[0].organisation).toBeTypeOf('string')
  })

  it('holds answers that its own form accepts', async () => {
    const { formId, versionId, key } = pasted()
    const data = Array.from({ length: 200 }, (_, number) => demoAnswers(number))
    const response = await api.call('POST', `/forms/${formId}/versions/${versionId}/multiSubmission`, {
      as: key,
      body: { submission: { data } },
    })
    expect(response.statusCode, response.body.slice(0, 500)).toBe(201)
  })

  it('is made once: a second start tells the same key', async () => {
    const again = await load()
    expect(again.join('\n')).toContain(pasted().key.secret)
    expect(again.join('\n')).toContain(pasted().formId)
  })
})
