import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Api, openApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await openApi()
})
afterAll(() => api.close())

describe('the document', () => {
  it('comes as JSON and as YAML, and both say the same', async () => {
    const [json, yaml] = [await api.call('GET', '/api-spec.json'), await api.call('GET', '/api-spec.yaml')]
    expect(json.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(yaml.headers['content-type']).toBe('application/yaml; charset=utf-8')
    expect(json.json()).toMatchObject({ openapi: '3.1.0', info: { title: 'Formgate' } })
    expect(parse(yaml.body)).toEqual(json.json())
  })

  it.each(['/api-spec.json', '/api-spec.yaml'])('sends %s once: who has it already gets 304', async (path) => {
    const first = await api.call('GET', path)
    const headers = { 'if-none-match': String(first.headers.etag) }
    const second = await api.call('GET', path, { headers })
    expect([first.statusCode, second.statusCode]).toEqual([200, 304])
    expect(second.body).toBe('')
    const other = await api.call('GET', path, { headers: { 'if-none-match': 'W/"another"' } })
    expect(other.statusCode).toBe(200)
  })

  it('is sent compressed to those who can read that', async () => {
    const sizes = await Promise.all(
      ['br', 'gzip, deflate', ''].map(async (encoding) => {
        const reply = await api.call('GET', '/api-spec.json', { headers: { 'accept-encoding': encoding } })
        return { encoding: reply.headers['content-encoding'], bytes: reply.rawPayload.length }
      }),
    )
    expect(sizes.map(({ encoding }) => encoding)).toEqual(['br', 'gzip', undefined])
    const [brotli = 0, gzip = 0, plain = 0] = sizes.map(({ bytes }) => bytes)
    expect(brotli).toBeLessThan(gzip)
    expect(gzip).toBeLessThan(plain / 3)
  })

  it('is read by people in a page of the app', async () => {
    const reply = await api.call('GET', '/docs')
    expect([reply.statusCode, reply.headers.location]).toEqual([302, '/app/api-specification'])
  })
})
