import { afterAll, describe, expect, it } from 'vitest'
import { field, startTrial } from './trial.ts'

const { validator, errorsOn, verdictOn } = startTrial(2_000)
afterAll(() => validator.close())

describe('types', () => {
  const boxes = { values: [{ value: 'x' }, { value: 'y' }] }
  it.each<[string, object, unknown[], unknown[]]>([
    ['textfield', {}, ['x', '', null, 5, true], [{}, ['x'], { x: 1 }]],
    ['textarea', {}, ['x'], [{}]],
    ['email', {}, ['a@b.ca'], [5, {}]],
    ['number', {}, [5, 0, null, ''], ['5', 'x', {}, [1]]],
    ['currency', {}, [5.5, '5.5'], ['x', {}]],
    ['checkbox', {}, [true, false, ''], ['x', 1, {}]],
    ['selectboxes', boxes, [{ x: true, y: false }, { x: '' }], ['x', true, ['x'], { x: 'yes' }]],
    ['select', {}, ['x', 5, true, { value: 'x' }], [['x']]],
    ['select', { multiple: true }, [['x', 'y'], []], ['x']],
    ['radio', {}, ['x', 1, true], [{}, ['x']]],
    ['day', {}, ['01/31/2024'], [20240131, {}]],
    ['datetime', {}, ['2024-01-31T10:00:00Z'], [1, {}]],
    ['time', {}, ['10:30:00'], [10, {}]],
    ['survey', {}, [{ q: 'v' }], ['x', [1]]],
    ['file', {}, [[{ name: 'f' }], []], ['x', {}, ['x']]],
    ['tags', {}, ['x,y', ['x', 'y']], [{}, [{}]]],
    ['address', {}, [{ properties: {} }], ['x', [1]]],
    ['container', { components: [] }, [{}], ['x', []]],
    ['datagrid', { components: [] }, [[{}], []], ['x', {}, ['x']]],
    ['editgrid', { components: [] }, [[{}]], ['x', {}]],
    ['textfield', { multiple: true }, [['x', '']], ['x', [{}]]],
    ['textfield', { allowMultipleMasks: true }, [{ value: 'x', maskName: 'm' }], [['x']]],
    ['hidden', {}, ['x', 1, {}, []], []],
    ['simpletextfield', {}, ['x'], [{}]],
    ['simplenumberadvanced', {}, [1], ['x']],
    ['simplecheckboxes', boxes, [{ x: true }], ['x']],
    ['simplephonenumber', {}, ['(250) 555-0199'], [{}]],
    ['simplesurveyadvanced', {}, [{ q: 1 }], ['x']],
    ['simplefile', {}, [[{}]], ['x']],
    ['simpleaddressadvanced', {}, [{}], ['x']],
    ['orgbook', {}, ['Org'], [['Org']]],
  ])('of %s %o', async (type, more, good, bad) => {
    for (const a of good) expect(await errorsOn([field(type, more)], { a }), JSON.stringify(a)).toEqual([])
    for (const a of bad) {
      expect(await errorsOn([field(type, more)], { a }), JSON.stringify(a)).toEqual([
        expect.stringMatching(/^a: Name must be /),
      ])
      expect(await errorsOn([field(type, more)], { a }, { draft: true })).toHaveLength(1)
    }
  })

  it('of an unknown component are not checked, and that is recorded', async () => {
    expect(await verdictOn([field('hologram')], { a: { x: [1] } })).toEqual({
      kind: 'valid',
      skipped: [{ path: 'a', rule: 'type', reason: 'the type of the component is not known' }],
    })
  })

  it('are all that is checked of a draft', async () => {
    expect(
      await errorsOn([field('textfield', { validate: { required: true, minLength: 5 } })], { a: '' }, { draft: true }),
    ).toEqual([])
    expect(await errorsOn([field('textfield', { validate: { minLength: 5 } })], { a: 'x' }, { draft: true })).toEqual(
      [],
    )
  })
})
