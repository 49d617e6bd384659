import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Problem } from '../problem.ts'
import { type Expression, parseFilter, parseOrderBy } from './filter.ts'

/** The expression with all brackets. */
function shown(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return expression.type === 'string' ? `'${expression.text.replaceAll("'", "''")}'` : expression.text
    case 'property':
      return expression.path.join('/')
    case 'call':
      return `${expression.name}(${expression.parts.map(shown).join(',')})`
    case 'compare':
      return `(${shown(expression.left)} ${expression.operator} ${shown(expression.right)})`
    case 'in':
      return `(${shown(expression.item)} in (${expression.list.map(shown).join(',')}))`
    case 'not':
      return `(not ${shown(expression.inner)})`
    default:
      return `(${expression.parts.map(shown).join(` ${expression.kind} `)})`
  }
}

describe('a filter', () => {
  it.each([
    ['a eq 1', '(a eq 1)'],
    ['a eq 1 and b lt 2 or c', '(((a eq 1) and (b lt 2)) or c)'],
    ['a and (b or c)', '(a and (b or c))'],
    ['not a eq 1', '(not (a eq 1))'],
    ['not(a) and b', '((not a) and b)'],
    ["name eq 'O''Neil'", "(name eq 'O''Neil')"],
    ["contains(tolower(name),'a') eq true", "(contains(tolower(name),'a') eq true)"],
    ['n in (1, 2,3)', '(n in (1,2,3))'],
    ['submission/form_status ne null', '(submission/form_status ne null)'],
    ['n ge -1.5e3', '(n ge -1.5e3)'],
    ['id eq 83dd71f3-26d9-4f13-bf48-c14a860c033c', '(id eq 83dd71f3-26d9-4f13-bf48-c14a860c033c)'],
    ['at lt 2024-05-01T12:00:00.5-07:00', '(at lt 2024-05-01T12:00:00.5-07:00)'],
    ['date(at) eq 2024-05-01', '(date(at) eq 2024-05-01)'],
    ['  a   eq\tb ', '(a eq b)'],
    ['prénom eq _x', '(prénom eq _x)'],
    ['and eq or', '(and eq or)'],
  ])('reads %j', (text, expected) => {
    expect(shown(parseFilter(text))).toBe(expected)
  })

  it.each([
    ['', /ends, where a property or a value is expected/],
    ['a eq', /ends, where/],
    ['a eq 1 b', /character 8/],
    ['a like 1', /like, which is no operator/],
    ['a add 1 eq 2', /add, which is no operator/],
    ['(a eq 1', /where `\)` is expected/],
    ["a eq 'open", /cannot be read at character 6/],
    ['a eq 12abc', /cannot be read/],
    ['a in (b)', /values only/],
    ['a eq 12:00:00', /cannot be read/],
    [`${'('.repeat(60)}a${')'.repeat(60)}`, /deeper than 50/],
    [`${'not '.repeat(60)}a`, /deeper than 50/],
    [`${'f('.repeat(60)}a${')'.repeat(60)}`, /deeper than 50/],
    [Array.from({ length: 600 }, () => 'a eq 1').join(' or '), /more than 1000 parts/],
  ])('refuses %j', (text, message) => {
    expect(() => parseFilter(text)).toThrow(message)
  })

  it('reads again what it has read, with all brackets', () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        expect(parseFilter(shown(expression))).toEqual(expression)
      }),
    )
  })

  it('refuses or reads any text, and breaks at none', () => {
    const words = fc.constantFrom(
      ..."a eq ne not and or in ( ) , ' 1 -1 null true contains( 2024-01-01 / . @ $ é".split(' '),
    )
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(words, { maxLength: 30 }).map((each) => each.join(' ')),
    )
    fc.assert(
      fc.property(text, (each) => {
        try {
          parseFilter(each)
        } catch (error) {
          expect(error).toBeInstanceOf(Problem)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

const literal = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => ({ kind: 'literal', type: 'string', text }) as const),
  fc.integer().map((number) => ({ kind: 'literal', type: 'number', text: String(number) }) as const),
  fc.uuid().map((text) => ({ kind: 'literal', type: 'guid', text }) as const),
  fc.constantFrom('true', 'false').map((text) => ({ kind: 'literal', type: 'boolean', text }) as const),
)
const property = fc
  .constantFrom('a', 'form_status', 'é', 'submission/name')
  .map((path) => ({ kind: 'property', path: path.split('/') }) as const)

const { expression: expressions } = fc.letrec<{ expression: Expression }>((tie) => {
  const operand = fc.oneof(literal, property)
  const operator = fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le')
  const compare = fc.record({ kind: fc.constant('compare'), operator, left: operand, right: operand })
  const list = fc.array(literal, { minLength: 1, maxLength: 4 })
  const some = fc.array(tie('expression'), { minLength: 2, maxLength: 4 })
  return {
    expression: fc.oneof(
      { maxDepth: 4 },
      compare as fc.Arbitrary<Expression>,
      fc.record({ kind: fc.constant('in'), item: property, list }) as fc.Arbitrary<Expression>,
      fc.record({ kind: fc.constantFrom('and', 'or'), parts: some }) as fc.Arbitrary<Expression>,
      fc.record({ kind: fc.constant('not'), inner: tie('expression') }) as fc.Arbitrary<Expression>,
      fc.record({ kind: fc.constant('call'), name: fc.constant('f'), parts: some }) as fc.Arbitrary<Expression>,
    ),
  }
})

describe('an order', () => {
  it('is read with its directions', () => {
    const read = parseOrderBy('a, b desc,length(c) asc').map(({ expression, descending }) => [
      shown(expression),
      descending,
    ])
    expect(read).toEqual([
      ['a', false],
      ['b', true],
      ['length(c)', false],
    ])
  })

  it.each([
    ['a down', /character 3/],
    ['a,', /ends/],
    [Array.from({ length: 9 }, () => 'a').join(), /8 expressions at most/],
  ])('is refused as %j', (text, message) => {
    expect(() => parseOrderBy(text)).toThrow(message)
  })
})
