import { describe, expect, it } from 'vitest'
import { askedFields, type SubmissionRow, savingOf, submissionText } from './submission.ts'

const row: SubmissionRow = {
  id: '8f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d',
  form_version_id: '2a6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d',
  confirmation_id: '8F6C0E9A',
  draft: false,
  deleted: false,
  test: false,
  submission: '{"data": {"big": 12345678901234567890, "z": 1, "a": 2}}',
  created_by: 'public',
  created_at: new Date('2026-01-02T03:04:05.678Z'),
  updated_by: null,
  updated_at: new Date('2026-01-02T03:04:05.678Z'),
}

describe('askedFields', () => {
  it.each<[string, string | string[] | undefined, [string, string][]]>([
    ['nothing for nothing', undefined, []],
    ['nothing for an empty text', '', []],
    [
      'a comma-separated list',
      'name, age',
      [
        ['name', 'name'],
        ['age', 'age'],
      ],
    ],
    [
      'repeated parameters',
      ['name', 'age,mail'],
      [
        ['name', 'name'],
        ['age', 'age'],
        ['mail', 'mail'],
      ],
    ],
    ['a path, named by its last part', 'person.name.first', [['first', 'person.name.first']]],
    [
      'each name once',
      'name,age,name',
      [
        ['name', 'name'],
        ['age', 'age'],
      ],
    ],
    ['the last of two paths that end alike', 'a.name,b.name', [['name', 'b.name']]],
    ['no empty names', ',name,,', [['name', 'name']]],
    [
      'names that objects have anyway',
      '__proto__,constructor',
      [
        ['__proto__', '__proto__'],
        ['constructor', 'constructor'],
      ],
    ],
  ])('reads %s', (_, fields, expected) => {
    expect(askedFields(fields).map(({ name, path }) => [name, path.join('.')])).toEqual(expected)
  })
})

describe('savingOf', () => {
  it.each([
    ['keeps a draft a draft', { draft: true, status: null }, true, 'draft'],
    ['submits a draft', { draft: true, status: null }, false, 'submit'],
    ['updates what was submitted', { draft: false, status: 'SUBMITTED' }, false, 'update'],
    ['never makes a draft of what was submitted', { draft: false, status: 'SUBMITTED' }, true, 'refused'],
  ])('%s', (_, before, draft, kind) => {
    expect(savingOf(before, draft).kind).toBe(kind)
  })
})

describe('submissionText', () => {
  it('lets the answers through as the text that they are', () => {
    const text = submissionText(row)
    expect(text).toContain(row.submission)
    expect(JSON.parse(text)).toMatchObject({
      id: row.id,
      confirmationId: '8F6C0E9A',
      createdAt: '2026-01-02T03:04:05.678Z',
    })
  })
})
