import { expect, it } from 'vitest'
import type { Operation } from './spec.ts'
import { curlLine, type Prepared, prepareRequest, type TryInput } from './try-request.ts'

const operation: Operation = {
  id: 'x',
  method: 'POST',
  path: '/app/api/v1/forms/{formId}/things/{thing}',
  summary: '',
  description: '',
  tag: '',
  takesKey: true,
  parameters: [
    { name: 'formId', in: 'path', required: true },
    { name: 'thing', in: 'path', required: true },
    { name: 'sortBy[column]', in: 'query' },
    { name: 'createdAt', in: 'query', schema: { type: 'array' } },
    { name: 'Idempotency-Key', in: 'header' },
  ],
  body: { mediaType: 'application/json', required: true, schema: {}, example: undefined },
  replies: [],
}
const who = { formId: 'form', key: 'fg_live_x' }
const input = (values: Record<string, string> = {}, body = '{}'): TryInput => ({
  values: { 'path:formId': 'form', 'path:thing': 'a', ...values },
  body,
})
const prepare = (given: TryInput, as = who) => prepareRequest(operation, given, as, 'https://here.example')
const ready = (prepared: Prepared) => {
  if (prepared.kind !== 'ready') throw new Error(prepared.mistake.code)
  return prepared
}

it.each([
  ['a/../../b?c#d', 'a%2F..%2F..%2Fb%3Fc%23d'],
  ['//evil.example', '%2F%2Fevil.example'],
  ['é 1', '%C3%A9%201'],
])('keeps %s inside its place in the path', (value, written) => {
  expect(ready(prepare(input({ 'path:thing': value }))).url).toBe(
    `https://here.example/app/api/v1/forms/form/things/${written}`,
  )
})

it('writes the query, with a value for each line of a list', () => {
  const { url } = ready(prepare(input({ 'query:sortBy[column]': 'a&b', 'query:createdAt': '2026-01-01\n2026-02-01' })))
  expect(new URL(url).searchParams.getAll('createdAt')).toEqual(['2026-01-01', '2026-02-01'])
  expect(new URL(url).searchParams.get('sortBy[column]')).toBe('a&b')
})

it('authorizes as RFC 7617 says', () => {
  expect(ready(prepare(input(), { formId: ' form ', key: 'clé\n' })).headers.authorization).toBe(
    `Basic ${Buffer.from('form:clé').toString('base64')}`,
  )
})

it.each<[Parameters<typeof prepare>, object]>([
  [[input(), { formId: '', key: 'x' }], { code: 'credentialsMissing' }],
  [[input(), { formId: 'a:b', key: 'x' }], { code: 'colonInFormId' }],
  [[input({ 'path:thing': ' ' })], { code: 'missing', name: 'thing' }],
  [[input({ 'path:thing': '..' })], { code: 'badPath', name: 'thing' }],
  [[input({ 'header:Idempotency-Key': 'a\r\nX-Evil: 1' })], { code: 'badHeader', name: 'Idempotency-Key' }],
  [[input({}, ' ')], { code: 'missing', name: 'body' }],
  [[input({}, '{')], { code: 'bodyNoJson' }],
])('sends nothing for %j', (call, mistake) => {
  expect(prepare(...call)).toMatchObject({ kind: 'mistake', mistake })
})

it('writes the call for a shell, without the key', () => {
  const line = curlLine(ready(prepare(input({}, `{"a":"it's"}`))), who.formId)
  expect(line).toContain(`--user 'form:'"$API_KEY"`)
  expect(line).toContain(`--data-raw '{"a":"it'\\''s"}'`)
  expect(line).not.toContain(who.key)
  expect(line).not.toContain('authorization')
})
