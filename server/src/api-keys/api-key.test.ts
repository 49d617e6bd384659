import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { generateApiKey, glimpseOf, hashOfKey, isWellFormedKey } from './api-key.ts'

const key = generateApiKey(randomBytes)
const filled = (byte: number) => generateApiKey((size) => Buffer.alloc(size, byte))

describe('generateApiKey', () => {
  it('makes fg_live_, 43 characters and a checksum of six', () => {
    expect(key).toMatch(/^fg_live_[0-9A-Za-z]{43}[0-9A-Za-z]{6}$/)
  })

  it('marks a test key as one', () => {
    expect(generateApiKey(randomBytes, true)).toMatch(/^fg_test_[0-9A-Za-z]{49}$/)
  })

  it.each([0x00, 0xff])('has its full length whatever the bytes (%i)', (byte) => {
    expect(filled(byte)).toHaveLength(8 + 43 + 6)
    expect(isWellFormedKey(filled(byte))).toBe(true)
  })

  it('uses all 32 bytes', () => {
    const changed = Array.from({ length: 32 }, (_, place) =>
      generateApiKey((size) => Buffer.alloc(size, 7).fill(8, place, place + 1)),
    )
    expect(new Set([filled(7), ...changed]).size).toBe(33)
  })

  it('makes another one each time', () => {
    expect(new Set(Array.from({ length: 100 }, () => generateApiKey(randomBytes))).size).toBe(100)
  })
})

describe('isWellFormedKey', () => {
  it('finds every mistyped character', () => {
    for (let place = 'fg_live_'.length; place < key.length; place += 1) {
      const wrong = `${key.slice(0, place)}${key[place] === 'x' ? 'y' : 'x'}${key.slice(place + 1)}`
      expect(isWellFormedKey(wrong), wrong).toBe(false)
    }
  })

  it.each([
    ['a key', key, true],
    ['a test key', generateApiKey(randomBytes, true), true],
    ['a UUID, as keys from CHEFS are', '8f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d', true],
    ['a UUID in capitals', '8F6C0E9A-3F2B-4A55-9D0E-6A1F2B3C2B1D', true],
    ['a live key that claims to be a test key', key.replace('live', 'test'), false],
    ['a key without its end', key.slice(0, -1), false],
    ['a key with a space behind it', `${key} `, false],
    ['a key with a line break behind it', `${key}\n`, false],
    ['nothing', '', false],
    ['a password', 'correct horse battery', false],
  ])('answers for %s', (_, secret, wellFormed) => {
    expect(isWellFormedKey(secret)).toBe(wellFormed)
  })
})

describe('glimpseOf', () => {
  it.each([
    ['a key', key, 'fg_live_'],
    ['a test key', generateApiKey(randomBytes, true), 'fg_test_'],
    ['a UUID', '8f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d', null],
  ])('shows four characters of %s', (_, secret, prefix) => {
    expect(glimpseOf(secret)).toEqual({ prefix, hint: secret.slice(-4) })
  })
})

describe('the hash', () => {
  it('is a SHA-256', () => {
    expect(hashOfKey(key)).toEqual(createHash('sha256').update(key).digest())
  })
})
