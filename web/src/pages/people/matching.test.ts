import { expect, it } from 'vitest'
import { matching } from './matching.ts'

const people = [
  { fullName: 'Zoé Émond', email: 'z@example.org' },
  { fullName: 'Bob', email: 'Bob.Zoe@example.org' },
]

it.each([
  ['', ['Zoé Émond', 'Bob']],
  ['zoe', ['Zoé Émond', 'Bob']],
  ['ÉMOND', ['Zoé Émond']],
  ['bob.z', ['Bob']],
  ['nobody', []],
])('finds by %j %j', (text, names) => {
  expect(matching(people, text).map(({ fullName }) => fullName)).toEqual(names)
})
