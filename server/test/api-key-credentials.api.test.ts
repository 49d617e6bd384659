import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Api, type As, basic, ok, openApi, type TestForm } from './harness.ts'

let api: Api
let form: TestForm

beforeAll(async () => {
  api = await openApi()
  form = await api.addForm({ access: 'team' })
})
afterAll(() => api.close())

const generate = (formId: string, as: As = api.owner) => api.call('PUT', `/forms/${formId}/apiKey`, { as })
const show = (formId: string, as: As = api.owner) => api.call('GET', `/forms/${formId}/apiKey`, { as })
/** The status of a call with this Authorization. */
const statusWith = async (formId: string, authorization: string) =>
  (await api.call('GET', `/forms/${formId}`, { as: { authorization } })).statusCode
const statusOf = (formId: string, secret: string) => statusWith(formId, basic(formId, secret))

async function formWithoutKey(): Promise<string> {
  return ok(await api.call('POST', '/forms', { as: api.owner, body: { name: 'No key' } })).id
}

describe('what the database holds', () => {
  /** Every cell of the two tables that a key leaves traces in, as text, and decoded in the usual ways. */
  async function traces(): Promise<string[]> {
    const texts: string[] = []
    for (const table of ['api_key', 'audit_event']) {
      const { rows } = await api.database.pool.query<Record<string, unknown>>(`select * from ${table}`)
      expect(rows.length).toBeGreaterThan(0)
      for (const cell of rows.flatMap((row) => Object.values(row))) texts.push(...readings(cell))
    }
    return texts
  }

  function readings(cell: unknown): string[] {
    if (Buffer.isBuffer(cell)) return [cell.toString('latin1'), cell.toString('utf16le'), cell.toString('hex')]
    const text = typeof cell === 'string' ? cell : JSON.stringify(cell)
    const parts = [text, ...text.split('.')]
    const encodings = ['base64', 'base64url', 'hex'] as const
    return [
      text,
      ...parts.flatMap((part) => encodings.map((encoding) => Buffer.from(part, encoding).toString('latin1'))),
    ]
  }

  it('is neither the secret nor anything that decodes to it', async () => {
    const target = await api.addForm()
    ok(await show(target.formId))
    const { secret } = ok(await generate(target.formId))
    const found = await traces()
    for (const each of [target.secret, secret]) {
      const body = each.slice('fg_live_'.length)
      const forms = [body, Buffer.from(body).toString('hex'), Buffer.from(body).toString('base64').slice(0, 60)]
      expect(found.filter((text) => forms.some((form) => text.includes(form)))).toEqual([])
    }
  })

  it('is a SHA-256 for the check and a sealed copy to show again', async () => {
    const target = await api.addForm()
    const { rows } = await api.database.pool.query(
      'select secret_hash, secret_sealed from api_key where form_id = $1',
      [target.formId],
    )
    expect(rows[0].secret_hash).toEqual(createHash('sha256').update(target.secret).digest())
    expect(rows[0].secret_sealed).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]+$/)
  })

  it('is sealed for its form: a copy in another form’s row does not open', async () => {
    const [one, two] = [await api.addForm(), await api.addForm()]
    await api.database.pool.query(
      `update api_key set secret_sealed = (select secret_sealed from api_key where form_id = $1) where form_id = $2`,
      [one.formId, two.formId],
    )
    const response = await show(two.formId)
    expect(response.statusCode).toBe(500)
    expect(response.body).not.toContain(one.secret)
  })
})

describe('Basic authorization', () => {
  it.each(['Basic', 'basic', 'BASIC', 'bAsIc'])('takes the scheme’s name as %s', async (scheme) => {
    const header = basic(form.formId, form.secret).replace('Basic', scheme)
    expect(await statusWith(form.formId, header)).toBe(200)
  })

  it('takes the form id in capitals', async () => {
    expect(await statusWith(form.formId, basic(form.formId.toUpperCase(), form.secret))).toBe(200)
  })

  it.each([
    ['with a colon in it', (secret: string) => `${secret}:x`],
    ['with a colon before it', (secret: string) => `:${secret}`],
    ['beyond ASCII', () => 'Schlüssel ᓄᓇᕗᑦ 😀'],
    ['that is empty', () => ''],
    ['of 10,000 characters', () => 'x'.repeat(10_000)],
    ['with another letter case', (secret: string) => secret.toUpperCase()],
    ['with a space behind it', (secret: string) => `${secret} `],
    ['that is a well-formed key of nobody', () => randomUUID()],
  ])('answers 401 to a password %s', async (_, change) => {
    const response = await api.call('GET', `/forms/${form.formId}`, {
      as: { formId: form.formId, secret: change(form.secret) },
    })
    expect([response.statusCode, response.json().code]).toEqual([401, 'unauthorized'])
    expect(response.headers['content-type']).toContain('application/problem+json')
    expect(response.headers['www-authenticate']).toMatch(/^Basic /)
  })

  it.each([
    ['nothing behind the scheme', 'Basic'],
    ['no base64', 'Basic ???'],
    ['no colon', `Basic ${Buffer.from('x').toString('base64')}`],
    ['a user name that is no form', `Basic ${Buffer.from('admin:admin').toString('base64')}`],
    ['another scheme', 'Digest username="x"'],
  ])('answers 401 to %s', async (_, authorization) => {
    expect(await statusWith(form.formId, authorization)).toBe(401)
  })

  it('answers the same to an unknown form, to one without a key, to a wrong key and to another form’s', async () => {
    const keyless = await formWithoutKey()
    const other = await api.addForm()
    const bodies = await Promise.all(
      [
        [randomUUID(), form.secret],
        [keyless, form.secret],
        [form.formId, other.secret],
        [form.formId, randomUUID()],
      ].map(async ([formId = '', secret = '']) => {
        const response = await api.call('GET', `/forms/${formId}`, { as: { formId, secret } })
        return [response.statusCode, response.body]
      }),
    )
    expect(new Set(bodies.map((each) => JSON.stringify(each))).size).toBe(1)
    expect(bodies[0]?.[0]).toBe(401)
  })

  it('takes a key brought over from CHEFS, which is a UUID', async () => {
    const target = await api.addForm()
    const secret = randomUUID()
    const hash = createHash('sha256').update(secret).digest()
    await api.database.pool.query('update api_key set secret_hash = $2 where form_id = $1', [target.formId, hash])
    expect(await statusOf(target.formId, secret)).toBe(200)
    expect(await statusOf(target.formId, target.secret)).toBe(401)
    expect(await statusOf(target.formId, randomUUID())).toBe(401)
  })
})
