import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { sealingWith } from './sealing.ts'

const secretKey = 'a secret key for tests, long enough'
const sealing = sealingWith(secretKey, randomBytes)
const sealed = sealing.seal('fg_live_secret', 'form 1')

describe('a sealed text', () => {
  it.each(['fg_live_secret', '', 'naïve 😀 ᓄᓇᕗᑦ'])('opens again: %j', (text) => {
    expect(sealing.open(sealing.seal(text, 'form 1'), 'form 1')).toBe(text)
  })

  it('opens under the same SECRET_KEY in another container', () => {
    expect(sealingWith(secretKey, randomBytes).open(sealed, 'form 1')).toBe('fg_live_secret')
  })

  it('does not open under another SECRET_KEY', () => {
    const other = sealingWith(`${secretKey}!`, randomBytes)
    expect(() => other.open(sealed, 'form 1')).toThrow('Sealed with another SECRET_KEY.')
  })

  it('does not open in another form’s place', () => {
    expect(() => sealing.open(sealed, 'form 2')).toThrow()
  })

  it('is another one each time', () => {
    expect(sealing.seal('fg_live_secret', 'form 1')).not.toBe(sealed)
  })

  it('names its version and its key, and holds the secret in no plain form', () => {
    const [version, keyId, body = ''] = sealed.split('.')
    expect([version, keyId]).toEqual(['v1', sealing.fingerprint.slice(0, 8)])
    expect(Buffer.from(body, 'base64url').toString('latin1')).not.toContain('fg_live')
  })

  it('does not open when any byte of it was changed', () => {
    const [version, keyId, body = ''] = sealed.split('.')
    const bytes = Buffer.from(body, 'base64url')
    for (let place = 0; place < bytes.length; place += 1) {
      const forged = Buffer.from(bytes)
      forged.writeUInt8(bytes.readUInt8(place) ^ 1, place)
      expect(() => sealing.open([version, keyId, forged.toString('base64url')].join('.'), 'form 1')).toThrow()
    }
  })

  it.each(['', 'v1', `v2.${sealed.slice(3)}`, sealed.slice(0, 20), `${sealed.split('.', 2).join('.')}.`])(
    'is not what %j is',
    (text) => {
      expect(() => sealing.open(text, 'form 1')).toThrow()
    },
  )
})

describe('a signature', () => {
  it('is the same for the same text', () => {
    expect(sealingWith(secretKey, randomBytes).sign('submission:1')).toBe(sealing.sign('submission:1'))
  })

  it.each([
    ['another text', sealing.sign('submission:2')],
    ['another SECRET_KEY', sealingWith(`${secretKey}!`, randomBytes).sign('submission:1')],
  ])('is another one under %s', (_, other) => {
    expect(other).not.toBe(sealing.sign('submission:1'))
  })
})

it('has a fingerprint that tells SECRET_KEYs apart', () => {
  expect(sealing.fingerprint).toMatch(/^[0-9a-f]{16}$/)
  expect(sealingWith(`${secretKey}!`, randomBytes).fingerprint).not.toBe(sealing.fingerprint)
})
