import { describe, expect, it } from 'vitest'
import { fileIdsIn } from './submitted-files.ts'

const id = '8f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d'
const other = '11111111-2222-4333-8444-555555555555'

describe('fileIdsIn', () => {
  it.each<[string, unknown, string[]]>([
    ['a file', { cv: [{ storage: 'chefs', data: { id } }] }, [id]],
    ['a file by its address', { cv: [{ url: `/app/api/v1/files/${id}` }] }, [id]],
    [
      'files in rows',
      { rows: [{ a: [{ data: { id } }] }, { a: [{ data: { id: other.toUpperCase() } }] }] },
      [id, other],
    ],
    ['a text that is an id', { note: id }, []],
    ['an address with more behind the id', { link: { url: `https://example.org/${id}?x` } }, []],
    ['no answers', undefined, []],
  ])('finds in %s what it names', (_, answers, ids) => {
    expect([...fileIdsIn(answers)]).toEqual(ids)
  })

  it('ends on answers that are nested without end', () => {
    let answers: object = { data: { id } }
    for (let depth = 0; depth < 5000; depth += 1) answers = { answers }
    expect([...fileIdsIn(answers)]).toEqual([])
  })
})
