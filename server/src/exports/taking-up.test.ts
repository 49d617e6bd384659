import { expect, it } from 'vitest'
import type { PlacedPiece } from './export-records.queries.ts'
import { firstByteOf, takingUpAt } from './taking-up.ts'

const last = (id: string) => ({ createdAt: new Date(0), id })
const piece = (firstByte: number, bytes: number, isFinal = false): PlacedPiece => ({
  firstByte,
  bytes,
  rows: 10,
  sha256: `of ${firstByte}`,
  last: last(`after ${firstByte}`),
  isFinal,
})
const broken = [piece(0, 100), piece(100, 50)]
const whole = [...broken, piece(150, 30, true)]

it.each([
  ['the beginning', 0, { firstByte: 0, after: undefined, skip: 0, sha256: 'of 0' }, { rows: 0, bytes: 0 }],
  [
    'within a piece',
    120,
    { firstByte: 100, after: last('after 0'), skip: 20, sha256: 'of 100' },
    { rows: 10, bytes: 100 },
  ],
  [
    'between pieces',
    100,
    { firstByte: 100, after: last('after 0'), skip: 0, sha256: 'of 100' },
    { rows: 10, bytes: 100 },
  ],
  [
    'after all that is noted',
    150,
    { firstByte: 150, after: last('after 100'), skip: 0, sha256: undefined },
    { rows: 20, bytes: 150 },
  ],
])('goes on from %s', (_, byte, from, before) => {
  expect(takingUpAt(byte, broken)).toEqual({ kind: 'from', from, before })
})

it('sends who has more than is noted back to where it is noted', () => {
  expect(takingUpAt(151, broken)).toEqual({ kind: 'tooFar', resumeAt: 150 })
  expect(takingUpAt(5, [])).toEqual({ kind: 'tooFar', resumeAt: 0 })
})

it('has nothing more of what is whole', () => {
  expect(takingUpAt(180, whole)).toEqual({ kind: 'beyondEnd', size: 180 })
  expect(takingUpAt(179, whole)).toMatchObject({ kind: 'from', from: { firstByte: 150, skip: 29 } })
})

it.each([
  ['bytes=0-', 0],
  ['bytes=120-', 120],
  ['bytes=120-9007199254740991', 120],
  ['bytes=0-99', undefined],
  ['bytes=-500', undefined],
  ['bytes=1-,5-', undefined],
  ['rows=1-', undefined],
  [undefined, undefined],
])('reads the range %s', (range, byte) => {
  expect(firstByteOf(range)).toBe(byte)
})
