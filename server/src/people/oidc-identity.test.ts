import { expect, it } from 'vitest'
import { type Claims, identityOf } from './oidc-identity.ts'

const read = (claims: Claims, trust = false) => identityOf(claims, 'https://id.example.org', 'abc', trust)

it.each<[Claims, boolean, string | undefined, boolean]>([
  [{ email: 'Ada@Example.org', email_verified: true }, false, 'ada@example.org', true],
  [{ email: 'ada@example.org', email_verified: 'true' }, false, 'ada@example.org', true],
  [{ email: 'ada@example.org', email_verified: false }, false, 'ada@example.org', false],
  [{ email: 'ada@example.org', email_verified: 'false' }, false, 'ada@example.org', false],
  [{ email: 'ada@example.org', email_verified: 1 }, false, 'ada@example.org', false],
  [{ email: 'ada@example.org' }, false, 'ada@example.org', false],
  [{ email: 'ada@example.org' }, true, 'ada@example.org', true],
  [{ email: 'ada@example.org', email_verified: false }, true, 'ada@example.org', false],
  [{ email_verified: true }, true, undefined, false],
  [{ email: 'ada', email_verified: true }, false, undefined, false],
  [{ email: 'a@b@c', email_verified: true }, false, undefined, false],
  [{ email: 'a\u0000@example.org', email_verified: true }, false, undefined, false],
  [{ email: ['ada@example.org'], email_verified: true }, false, undefined, false],
  [{ email: `${'a'.repeat(250)}@example.org`, email_verified: true }, false, undefined, false],
])('reads the address in %j (trusted: %s)', (claims, trust, email, emailVerified) => {
  expect(read(claims, trust)).toMatchObject({ email, emailVerified })
})

it.each<[Claims, string | undefined]>([
  [{ name: ' Ada Lovelace ' }, 'Ada Lovelace'],
  [{ name: 'Ada\r\nBcc: x' }, 'Ada Bcc: x'],
  [{ name: '', given_name: 'Ada', family_name: 'Lovelace' }, 'Ada Lovelace'],
  [{ family_name: 'Lovelace' }, 'Lovelace'],
  [{ preferred_username: 'ada' }, 'ada'],
  [{ name: 1 }, undefined],
  [{}, undefined],
])('reads the name in %j', (claims, name) => {
  expect(read(claims).name).toBe(name)
})
