import { createHmac, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { beginFlow, flowLifeMs, ownPath, readFlow } from './oidc-flow.ts'

const sign = (text: string) => createHmac('sha256', 'a key').update(text).digest('base64url')
const now = 1_800_000_000_000
const begin = (to = '/app/forms') => beginFlow(to, { random: randomBytes, sign, now })

it('finds the trip again by its cookie, with the same secrets', () => {
  const { flow, cookie } = begin()
  expect(readFlow(cookie, { sign, now: now + flowLifeMs })).toEqual(flow)
})

it('has another state, nonce and verifier for each trip, which the cookie does not hold', () => {
  const [first, second] = [begin(), begin()]
  const secrets = [first.flow, second.flow].flatMap(({ state, nonce, codeVerifier }) => [state, nonce, codeVerifier])
  expect(new Set(secrets).size).toBe(6)
  const held = Buffer.from(first.cookie, 'base64url').toString()
  for (const secret of secrets) expect(held).not.toContain(secret)
})

it('makes verifiers as PKCE wants them', () => {
  expect(begin().flow.codeVerifier).toMatch(/^[\w.~-]{43,128}$/)
})

it('gives up after ten minutes', () => {
  expect(readFlow(begin().cookie, { sign, now: now + flowLifeMs + 1 })).toBeUndefined()
})

it('has another state when somebody changed the cookie', () => {
  const { flow, cookie } = begin()
  const changed = Buffer.from(Buffer.from(cookie, 'base64url').toString().replace('forms', 'users')).toString(
    'base64url',
  )
  expect(readFlow(changed, { sign, now })?.state).not.toBe(flow.state)
})

it.each([undefined, '', 'x', 'bnVsbA', Buffer.from('{"at":"1","to":1}').toString('base64url')])(
  'takes no rubbish for a trip: %s',
  (cookie) => {
    expect(readFlow(cookie, { sign, now })).toBeUndefined()
  },
)

it.each([
  ['/app', '/app'],
  ['/app/', '/app/'],
  ['/app/form/manage?f=1#key', '/app/form/manage?f=1#key'],
  ['/app/%2f%2fevil.example', '/app/%2f%2fevil.example'],
  [undefined, '/app'],
  ['', '/app'],
  ['/', '/app'],
  ['/application', '/app'],
  ['/app/api/v1/docs', '/app'],
  ['/app/x/../api/v1/docs', '/app'],
  ['https://evil.example/app', '/app'],
  ['//evil.example/app', '/app'],
  ['/\\evil.example/app', '/app'],
  ['/\t/evil.example/app', '/app'],
  ['\\\\evil.example/app', '/app'],
  ['/app/..//evil.example', '/app'],
  ['/app/../../app/../..//evil.example', '/app'],
  ['javascript:alert(1)', '/app'],
  ['@evil.example', '/app'],
  ['//here.invalid:80@evil.example/app', '/app'],
  [`/app/${'x'.repeat(2000)}`, '/app'],
])('leads %j to %j', (to, path) => {
  expect(ownPath(to)).toBe(path)
})
