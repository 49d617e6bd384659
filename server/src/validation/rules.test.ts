import { afterAll, describe, expect, it } from 'vitest'
import { field, required, startTrial, text } from './trial.ts'

const { validator, errorsOn, verdictOn } = startTrial(2_000)
afterAll(() => validator.close())

describe('rules', () => {
  const select = { data: { values: [{ value: 'x', label: 'X' }] }, validate: { onlyAvailableItems: true } }
  it.each<[string, object, unknown, unknown, string]>([
    ['textfield', required, 'x', '', 'Name is required'],
    ['textfield', required, 'x', '  ', 'Name is required'],
    ['checkbox', required, true, false, 'Name is required'],
    ['selectboxes', required, { x: true }, { x: false }, 'Name is required'],
    ['datagrid', { ...required, components: [] }, [{ x: 1 }], [], 'Name is required'],
    ['datagrid', { validate: { minLength: 2 }, components: [] }, [{}, {}], [{}], 'Name needs at least 2 rows.'],
    ['editgrid', { validate: { maxLength: '1' }, components: [] }, [{}], [{}, {}], 'Name may have 1 row at most.'],
    ['textfield', { validate: { minLength: 3 } }, 'abc', 'ab', 'Name must have at least 3 characters.'],
    ['textfield', { validate: { maxLength: '3' } }, 'abc', 'abcd', 'Name must have no more than 3 characters.'],
    ['textfield', { validate: { minWords: 2 } }, 'a b', 'a', 'Name must have at least 2 words.'],
    ['textarea', { validate: { maxWords: 2 } }, 'a b', 'a b c', 'Name must have no more than 2 words.'],
    ['textfield', { validate: { pattern: '[a-z]{2}\\d' } }, 'ab1', 'ab', 'Name does not match the pattern [a-z]{2}\\d'],
    [
      'textfield',
      { validate: { pattern: '(?=.*\\d).+', patternMessage: 'Needs a digit' } },
      'a1',
      'a',
      'Needs a digit',
    ],
    ['number', { validate: { min: 1 } }, 1, 0, 'Name cannot be less than 1.'],
    ['number', { validate: { max: 9 } }, 9, 10, 'Name cannot be greater than 9.'],
    ['email', {}, 'a@b.ca', 'a@b', 'Name must be a valid email.'],
    ['url', {}, 'https://gov.bc.ca/x', 'not a url', 'Name must be a valid url.'],
    ['day', {}, '01/31/2024', '13/31/2024', 'Name is not a valid day.'],
    ['day', { minDate: '2024-01-01' }, '01/31/2024', '01/31/2023', 'Name should not contain date before 1/1/2024'],
    ['day', { fields: { year: { required: true } } }, '01/31/2024', '01/31/0000', 'Name is required'],
    ['datetime', {}, '2024-01-31T10:00:00Z', 'soon', 'Name is not a valid date'],
    [
      'datetime',
      { widget: { maxDate: '2024-06-01' } },
      '2024-01-31',
      '2024-07-31',
      'Name should not contain date after 2024-06-01 11:59 PM UTC',
    ],
    ['time', {}, '10:30:00', '25:00', 'Name is not a valid time.'],
    [
      'selectboxes',
      { validate: { maxSelectedCount: 1 } },
      { x: true },
      { x: true, y: true },
      'You may only select up to 1 items',
    ],
    ['select', select, 'x', 'z', 'Name is an invalid value.'],
    [
      'radio',
      { values: [{ value: 'x' }], validate: { onlyAvailableItems: true } },
      'x',
      'z',
      'Name is an invalid value.',
    ],
    ['textfield', { inputMask: '999-999' }, '123-456', '12', 'Name does not match the mask.'],
    ['textfield', { validate: { required: true, customMessage: 'Please tell us' } }, 'x', '', 'Please tell us'],
    ['textfield', { validate: { required: true }, errors: { required: '{{field}}, please' } }, 'x', '', 'Name, please'],
    ['textfield', { validate: { custom: "valid = input === 'x' ? true : 'Say x'" } }, 'x', 'y', 'Say x'],
    ['textfield', { validate: { custom: 'valid = value.length < 2' } }, 'x', 'xyz', 'Name is not valid.'],
    [
      'textfield',
      { validate: { custom: "valid = _.includes(['x'], input) && moment('2024-01-31').month() === 0" } },
      'x',
      'y',
      'Name is not valid.',
    ],
    ['number', { validate: { json: { if: [{ '>': [{ var: 'data.a' }, 2] }, true, 'Too small'] } } }, 3, 1, 'Too small'],
  ])('of %s %o', async (type, more, good, bad, message) => {
    const good_ = await verdictOn([field(type, more)], { a: good })
    expect(good_).toEqual({ kind: 'valid', skipped: [] })
    expect(await errorsOn([field(type, more)], { a: bad })).toEqual([`a: ${message}`])
  })

  it('take unset settings as unset', async () => {
    const validate = { required: false, min: null, max: null, minLength: '', pattern: '', custom: '' }
    expect(await verdictOn([field('number', { validate })], { a: 7 })).toEqual({ kind: 'valid', skipped: [] })
  })

  it('check each item of a multiple answer', async () => {
    const tags = field('textfield', { multiple: true, validate: { maxLength: 2 } })
    expect(await errorsOn([tags], { a: ['ab', 'abc'] })).toEqual(['a[1]: Name must have no more than 2 characters.'])
  })

  it('that need a database, another server or the browser are skipped and recorded', async () => {
    const fields = [
      text('u', { unique: true }),
      text('dom', { validate: { custom: 'valid = instance.root.isValid() && document.title' } }),
      text('t', { validate: { custom: "valid = '{{data.x}}' === ''" } }),
      {
        type: 'select',
        key: 's',
        dataSrc: 'url',
        data: { url: 'http://x.invalid' },
        validate: { onlyAvailableItems: true },
        input: true,
      },
    ]
    const verdict = await verdictOn(fields, { u: 'x', dom: 'x', t: 'x', s: 'x' })
    expect(verdict.kind).toBe('valid')
    expect(verdict.skipped.map(({ path, rule }) => `${path} ${rule}`)).toEqual([
      'u unique',
      'dom custom',
      't custom',
      's onlyAvailableItems',
    ])
  })
})
