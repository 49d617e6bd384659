import { expect, it } from 'vitest'
import { offers } from './found-people.ts'

const ada = { email: 'ada@example.org' }

it.each([
  ['nothing before the answer', undefined, 'bob@example.org', undefined],
  ['no invitation for a part of a name', [ada], 'ada', undefined],
  ['no invitation for somebody with an account, however it is written', [ada], 'ADA@example.org', undefined],
  ['an invitation for an address that nobody has', [], 'bob@example.org', 'bob@example.org'],
  ['an invitation for an address that is only a part of another', [ada], 'da@example.org', 'da@example.org'],
])('offers %s', (_what, found, search, invitable) => {
  expect(offers(found, search)).toEqual({ people: found ?? [], invitable })
})
