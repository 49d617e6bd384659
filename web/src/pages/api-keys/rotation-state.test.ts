import { expect, it } from 'vitest'
import { isFormerUsed } from './rotation-state.ts'

const rotatedAt = '2026-11-26T12:00:00.000Z'
const usedAt = (at: string) => ({ at, address: '192.0.2.7', client: null })

it.each([
  ['nobody ever used it', null, false],
  ['it was used before alone', usedAt('2026-11-26T11:59:59.999Z'), false],
  ['it was used after that', usedAt('2026-11-26T12:00:00.001Z'), true],
])('tells of the secret before a rotation when %s', (_, lastUsed, used) => {
  expect(isFormerUsed({ lastUsed, rotatedAt })).toBe(used)
})
