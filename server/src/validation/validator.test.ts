import { afterAll, describe, expect, it } from 'vitest'
import { createValidator, type Verdict } from './validator.ts'

const validator = createValidator({ deadlineMs: 2_000, workers: 2, log: { warn: () => {} } })
afterAll(() => validator.close())

let versions = 0

/** Makes sure on the way that nothing writes to the answers. */
function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(Object.freeze(value))) frozen(inner)
  return value
}

async function verdictOn(
  components: object[],
  answers: Record<string, unknown>,
  options: { draft?: boolean; display?: string } = {},
): Promise<Verdict> {
  versions += 1
  const schema = { display: options.display ?? 'form', components }
  const [verdict] = await validator.validate({ id: `v${versions}`, schema }, [frozen(answers)], {
    draft: options.draft ?? false,
  })
  if (!verdict) throw new Error('no verdict')
  return verdict
}

async function errorsOn(
  components: object[],
  answers: Record<string, unknown>,
  options: { draft?: boolean; display?: string } = {},
): Promise<string[]> {
  const verdict = await verdictOn(components, answers, options)
  return verdict.kind === 'valid' ? [] : verdict.errors.map(({ path, message }) => `${path}: ${message}`)
}

const field = (type: string, more: object = {}) => ({ type, key: 'a', label: 'Name', input: true, ...more })
const text = (key: string, more: object = {}) => ({
  type: 'textfield',
  key,
  label: key.toUpperCase(),
  input: true,
  ...more,
})
const required = { validate: { required: true } }

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

describe('rules', () => {
  const select = { data: { values: [{ value: 'x', label: 'X' }] }, validate: { onlyAvailableItems: true } }
  it.each<[string, object, unknown, unknown, string]>([
    ['textfield', required, 'x', '', 'Name is required'],
    ['textfield', required, 'x', '  ', 'Name is required'],
    ['checkbox', required, true, false, 'Name is required'],
    ['selectboxes', required, { x: true }, { x: false }, 'Name is required'],
    ['datagrid', { ...required, components: [] }, [{ x: 1 }], [], 'Name is required'],
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

describe('nesting', () => {
  const leaf = text('leaf', required)
  it.each<[string, object, Record<string, unknown>, string]>([
    ['a panel', { type: 'panel', key: 'p', components: [leaf] }, {}, 'leaf'],
    ['a fieldset', { type: 'simplefieldset', key: 'p', input: false, components: [leaf] }, {}, 'leaf'],
    ['a well', { type: 'well', key: 'p', input: false, components: [leaf] }, {}, 'leaf'],
    [
      'columns',
      { type: 'simplecols3', key: 'p', input: false, columns: [{ components: [] }, { components: [leaf] }] },
      {},
      'leaf',
    ],
    ['a table', { type: 'table', key: 'p', input: false, rows: [[{ components: [leaf] }]] }, {}, 'leaf'],
    [
      'tabs',
      { type: 'simpletabs', key: 'p', input: false, components: [{ key: 't', components: [leaf] }] },
      {},
      'leaf',
    ],
    ['a container', { type: 'container', key: 'p', input: true, components: [leaf] }, { p: {} }, 'p.leaf'],
    [
      'a data grid',
      { type: 'datagrid', key: 'p', input: true, components: [leaf] },
      { p: [{ leaf: 'x' }, {}] },
      'p[1].leaf',
    ],
    ['an edit grid', { type: 'editgrid', key: 'p', input: true, components: [leaf] }, { p: [{}] }, 'p[0].leaf'],
    [
      'a grid in a grid',
      {
        type: 'datagrid',
        key: 'p',
        input: true,
        components: [{ type: 'datagrid', key: 'q', input: true, components: [leaf] }],
      },
      { p: [{ q: [{}] }] },
      'p[0].q[0].leaf',
    ],
    ['a nested form', { type: 'form', key: 'p', input: true, components: [leaf] }, { p: { data: {} } }, 'p.data.leaf'],
    ['a dotted key', { ...leaf, key: 'p.leaf' }, { p: { other: 1 } }, 'p.leaf'],
  ])('in %s', async (_, component, answers, path) => {
    expect(await errorsOn([component], answers)).toEqual([`${path}: LEAF is required`])
  })

  it('in the pages of a wizard, except a page that is not shown', async () => {
    const page = (key: string, more: object = {}) => ({
      type: 'panel',
      key,
      input: false,
      components: [text(`${key}Leaf`, required)],
      ...more,
    })
    const pages = [page('one'), page('two', { conditional: { show: true, when: 'oneLeaf', eq: 'more' } })]
    expect(await errorsOn(pages, { oneLeaf: 'x' }, { display: 'wizard' })).toEqual([])
    expect(await errorsOn(pages, { oneLeaf: 'more' }, { display: 'wizard' })).toEqual(['twoLeaf: TWOLEAF is required'])
  })

  it('keeps unknown answers without an error', async () => {
    expect(await verdictOn([text('a')], { a: 'x', unknown: { deep: [1] } })).toEqual({ kind: 'valid', skipped: [] })
  })
})

it('gives one verdict for each of a thousand answers, in order', async () => {
  const answers = Array.from({ length: 1_000 }, (_, index) => ({ a: index % 3 === 0 ? '' : 'x' }))
  const verdicts = await validator.validate(
    { id: 'many', schema: JSON.stringify({ components: [text('a', required)] }) },
    answers,
  )
  expect(verdicts.map(({ kind }) => kind)).toEqual(answers.map(({ a }) => (a === '' ? 'invalid' : 'valid')))
})
