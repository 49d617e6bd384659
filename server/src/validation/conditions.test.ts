import { afterAll, describe, expect, it } from 'vitest'
import { required, startTrial, text } from './trial.ts'

const { validator, errorsOn, verdictOn } = startTrial(2_000)
afterAll(() => validator.close())

describe('conditions', () => {
  const choice = text('choice')
  const other = (more: object) => text('other', { ...required, ...more })
  const list = (operator: string, value: unknown, conjunction = 'all') => ({
    conditional: { show: true, conjunction, conditions: [{ component: 'choice', operator, value }] },
  })
  it.each<[string, object, unknown, unknown]>([
    ['when', { conditional: { show: true, when: 'choice', eq: 'x' } }, 'x', 'y'],
    ['when not', { conditional: { show: 'false', when: 'choice', eq: 'y' } }, 'x', 'y'],
    ['a list', list('isEqual', 'x'), 'x', 'y'],
    ['any of a list', list('startsWith', 'x', 'any'), 'xx', 'y'],
    ['not empty', list('isNotEmpty', ''), 'x', ''],
    ['JSON logic', { conditional: { json: { '===': [{ var: 'data.choice' }, 'x'] } } }, 'x', 'y'],
    ['a script', { customConditional: "show = data.choice === 'x'" }, 'x', 'y'],
    ['a script with row', { customConditional: "show = row.choice === 'x' && component.key === 'other'" }, 'x', 'y'],
    [
      'logic',
      {
        hidden: true,
        logic: [
          {
            trigger: { type: 'javascript', javascript: "result = data.choice === 'x'" },
            actions: [{ type: 'property', property: { value: 'hidden', type: 'boolean' }, state: false }],
          },
        ],
      },
      'x',
      'y',
    ],
  ])('by %s ask for what is shown, and for nothing that is hidden', async (_, more, shows, hides) => {
    expect(await errorsOn([choice, other(more)], { choice: shows })).toEqual(['other: OTHER is required'])
    expect(await verdictOn([choice, other(more)], { choice: hides })).toEqual({ kind: 'valid', skipped: [] })
    expect(await errorsOn([choice, other(more)], { choice: hides, other: {} })).toEqual([])
  })

  it('of a parent hide its children', async () => {
    const panel = {
      type: 'panel',
      key: 'p',
      input: false,
      conditional: { show: true, when: 'choice', eq: 'x' },
      components: [other({})],
    }
    expect(await errorsOn([choice, panel], { choice: 'x' })).toHaveLength(1)
    expect(await errorsOn([choice, panel], { choice: 'y' })).toEqual([])
  })

  it('in a grid look at their own row', async () => {
    const grid = {
      type: 'datagrid',
      key: 'g',
      input: true,
      components: [choice, other({ conditional: { show: true, when: 'g.choice', eq: 'x' } })],
    }
    expect(await errorsOn([grid], { g: [{ choice: 'y' }, { choice: 'x' }] })).toEqual(['g[1].other: OTHER is required'])
  })

  it('on an option of select boxes', async () => {
    const boxes = { type: 'selectboxes', key: 'b', input: true, values: [{ value: 'x' }] }
    const fields = [boxes, other({ conditional: { show: true, when: 'b', eq: 'x' } })]
    expect(await errorsOn(fields, { b: { x: true } })).toHaveLength(1)
    expect(await errorsOn(fields, { b: { x: false } })).toEqual([])
  })

  it('that cannot be evaluated leave the field unchecked', async () => {
    const verdict = await verdictOn([other({ customConditional: 'show = window.location.hash' })], {})
    expect(verdict).toMatchObject({ kind: 'valid', skipped: [{ path: 'other', rule: 'customConditional' }] })
  })

  it('can make a field required by logic', async () => {
    const action = { type: 'property', property: { value: 'validate.required', type: 'boolean' }, state: true }
    const logic = [{ trigger: { type: 'simple', simple: { show: true, when: 'choice', eq: 'x' } }, actions: [action] }]
    expect(await errorsOn([choice, text('other', { logic })], { choice: 'x' })).toEqual(['other: OTHER is required'])
    expect(await errorsOn([choice, text('other', { logic })], { choice: 'y' })).toEqual([])
  })
})
