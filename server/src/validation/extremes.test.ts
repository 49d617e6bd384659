import { afterAll, describe, expect, it } from 'vitest'
import { required, startTrial, text } from './trial.ts'
import { createValidator } from './validator.ts'

const deadlineMs = 1_000
const { validator, logged, verdictOn } = startTrial(deadlineMs)
afterAll(async () => {
  await validator.close()
  expect(logged.filter((entry) => 'failure' in entry)).toEqual([])
})

describe('size', () => {
  it('of 10,000 rows with conditions is no trouble', async () => {
    const when = { conditional: { show: true, when: 'g.a', eq: 'x' } }
    const grid = {
      type: 'datagrid',
      key: 'g',
      input: true,
      components: [
        text('a', required),
        text('b', { ...required, ...when }),
        text('c', { validate: { custom: 'valid = true' } }),
      ],
    }
    const verdict = await verdictOn([grid], { g: Array(10_000).fill({ a: 'y', c: 'z' }) })
    expect(verdict.kind).toBe('valid')
  })

  it('of a text of 5 million characters is no trouble', async () => {
    const huge = 'a'.repeat(5_000_000)
    const verdict = await verdictOn(
      [text('a', { validate: { maxLength: 10 } }), { type: 'url', key: 'u', input: true }],
      { a: huge, u: huge },
    )
    expect(verdict).toMatchObject({ kind: 'invalid', errors: [{ path: 'a' }, { path: 'u' }] })
  })

  it('of answers nested a hundred thousand deep is no trouble', async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)
    const verdict = await verdictOn([text('a', required), text('b', required)], deep)
    expect(['valid', 'invalid']).toContain(verdict.kind)
  })

  it('of the list of errors is bounded', async () => {
    const verdict = await verdictOn([{ type: 'datagrid', key: 'g', input: true, components: [text('a', required)] }], {
      g: Array(10_000).fill({}),
    })
    expect(verdict.kind === 'invalid' && verdict.errors.length).toBe(500)
  })
})

it.each<[string, unknown]>([
  ['no object', 5],
  ['components that are no list', 'x'],
  ['components of no object', [null, 1, 'x', []]],
  ['components without keys', [{ type: 'textfield', ...required }]],
  ['a grid without components', [{ type: 'datagrid', key: 'g' }]],
  [
    'odd settings',
    [
      {
        type: 'textfield',
        key: 'a',
        input: true,
        validate: 'x',
        conditional: 5,
        logic: 'x',
        columns: 3,
        rows: 'x',
        values: 7,
        data: null,
      },
    ],
  ],
  [
    'odd rules',
    [
      {
        type: 'select',
        key: 'a',
        input: true,
        data: null,
        validate: { onlyAvailableItems: true, pattern: '(', min: {}, custom: 5 },
      },
    ],
  ],
])('never throws on a definition with %s', async (_, components) => {
  expect(['valid', 'invalid']).toContain((await verdictOn(components, { a: 'x', g: [{}] })).kind)
})

it('answers for a schema that is no JSON, and refuses when closed', async () => {
  const short = createValidator({ deadlineMs, workers: 1, log: { warn: () => {} } })
  const [verdict] = await short.validate({ id: 'x', schema: '{' }, [{}])
  expect(verdict).toMatchObject({ kind: 'valid', skipped: [{ rule: 'definition' }] })
  await short.close()
  await expect(short.validate({ id: 'x', schema: '{}' }, [{}])).rejects.toThrow('closed')
})
