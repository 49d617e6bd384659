import { expect, it } from 'vitest'
import { contentCodingFor } from './content-coding.ts'

it.each([
  [undefined, 'identity'],
  ['', 'identity'],
  ['gzip', 'gzip'],
  ['GZIP', 'gzip'],
  ['gzip, deflate, br, zstd', 'zstd'],
  ['zstd;q=0.2, gzip;q=0.8', 'gzip'],
  ['gzip;q=0', 'identity'],
  ['br', 'identity'],
] as const)('answers accept-encoding %j in %s', (header, coding) => {
  expect(contentCodingFor(header)).toBe(coding)
})
