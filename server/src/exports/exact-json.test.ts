import { expect, it } from 'vitest'
import { isExactNumber, parseExactly } from './exact-json.ts'

it.each([
  '12345678901234567890',
  '-9007199254740993',
  '0.12345678901234567891',
  '1000000000000000000000000.5',
  `1${'0'.repeat(400)}`,
  `0.${'0'.repeat(400)}1`,
])('keeps %s digit for digit', (number) => {
  const value = parseExactly(`{"a":[${number}]}`) as { a: unknown[] }
  expect(isExactNumber(value.a[0])).toBe(true)
  expect(JSON.stringify(value)).toBe(`{"a":[${number}]}`)
})

it.each([
  '0',
  '-1.5',
  '0.30000000000000004',
  '9007199254740991',
  '1000000000000000000000',
  '0.3333333333333333',
  '0.0000000000000000000001',
])('leaves %s a number', (text) => {
  expect(parseExactly(`[${text}]`)).toEqual([Number(text)])
})

it('leaves texts of digits alone', () => {
  expect(parseExactly('{"card":"4111111111111111","n":1}')).toEqual({ card: '4111111111111111', n: 1 })
})
