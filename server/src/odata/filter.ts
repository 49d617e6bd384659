import { problems } from '../problem.ts'
import { type LiteralType, type Token, tokensOf } from './filter-tokens.ts'

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'
export type Literal = { kind: 'literal'; type: LiteralType; text: string }
export type Expression =
  | Literal
  | { kind: 'property'; path: string[] }
  | { kind: 'call'; name: string; parts: Expression[] }
  | { kind: 'compare'; operator: Comparison; left: Expression; right: Expression }
  | { kind: 'in'; item: Expression; list: Literal[] }
  | { kind: 'and' | 'or'; parts: Expression[] }
  | { kind: 'not'; inner: Expression }
export type Ordering = { expression: Expression; descending: boolean }

/** Deeper ones are nothing that anybody writes, and the parser and PostgreSQL would run out of stack some day. */
const depthMax = 50
/** Each becomes a piece of the statement; the address has room for a few thousand. */
const expressionsMax = 1000
const orderingsMax = 8

const comparisons = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const
const isComparison = (word: string): word is Comparison => comparisons.some((each) => each === word)

type Parsing = { tokens: Token[]; next: number; option: string; depth: number; count: number }

/**
 * Reads a `$filter` (OData 4.0 URL conventions §5.1.1).
 * @throws Problem 400 `invalid_query` that names what it cannot read
 */
export function parseFilter(text: string): Expression {
  const parsing = begin(text, '$filter')
  const expression = either(parsing)
  expectEnd(parsing)
  return expression
}

/** Reads an `$orderby` (§5.1.4). @throws Problem 400 `invalid_query` */
export function parseOrderBy(text: string): Ordering[] {
  const parsing = begin(text, '$orderby')
  const orderings = [ordering(parsing)]
  while (take(parsing, ',')) orderings.push(ordering(parsing))
  expectEnd(parsing)
  if (orderings.length > orderingsMax) throw mistake(parsing, `takes ${orderingsMax} expressions at most`)
  return orderings
}

function begin(text: string, option: string): Parsing {
  return { tokens: tokensOf(text, option), next: 0, option, depth: 0, count: 0 }
}

function ordering(parsing: Parsing): Ordering {
  const expression = value(parsing)
  const descending = takeWord(parsing, 'desc')
  if (!descending) takeWord(parsing, 'asc')
  return { expression, descending }
}

// Each of these reads one level of precedence, from the weakest on.

function either(parsing: Parsing): Expression {
  return chain(parsing, 'or', both)
}

function both(parsing: Parsing): Expression {
  return chain(parsing, 'and', negation)
}

/** A long chain is one list, not a deep tree: programs make `or` of hundreds of values. */
function chain(parsing: Parsing, kind: 'and' | 'or', read: (parsing: Parsing) => Expression): Expression {
  const first = read(parsing)
  const parts = [first]
  while (takeWord(parsing, kind)) parts.push(read(parsing))
  return parts.length === 1 ? first : { kind, parts }
}

function negation(parsing: Parsing): Expression {
  if (!takeWord(parsing, 'not')) return comparison(parsing)
  return deeper(parsing, () => ({ kind: 'not', inner: negation(parsing) }))
}

function comparison(parsing: Parsing): Expression {
  const left = value(parsing)
  const token = current(parsing)
  if (token.kind !== 'word') return left
  if (isComparison(token.text)) {
    parsing.next += 1
    return { kind: 'compare', operator: token.text, left, right: value(parsing) }
  }
  if (takeWord(parsing, 'in')) return { kind: 'in', item: left, list: literals(parsing) }
  if (token.text === 'and' || token.text === 'or' || parsing.option === '$orderby') return left
  throw mistake(parsing, `holds ${token.text}, which is no operator that is offered here`)
}

function value(parsing: Parsing): Expression {
  parsing.count += 1
  if (parsing.count > expressionsMax) throw mistake(parsing, `has more than ${expressionsMax} parts`)
  const token = current(parsing)
  parsing.next += 1
  if (token.kind === 'literal') return { kind: 'literal', type: token.type, text: token.text }
  if (token.kind === '(') {
    const inner = deeper(parsing, () => either(parsing))
    expectMark(parsing, ')')
    return inner
  }
  if (token.kind !== 'word') throw unexpected(parsing, token, 'a property or a value')
  if (take(parsing, '(')) return { kind: 'call', name: token.text, parts: deeper(parsing, () => parts(parsing)) }
  return { kind: 'property', path: token.text.split('/') }
}

function parts(parsing: Parsing): Expression[] {
  if (take(parsing, ')')) return []
  const found = [either(parsing)]
  while (take(parsing, ',')) found.push(either(parsing))
  expectMark(parsing, ')')
  return found
}

function literals(parsing: Parsing): Literal[] {
  expectMark(parsing, '(')
  const found: Literal[] = []
  do {
    const item = value(parsing)
    if (item.kind !== 'literal') throw mistake(parsing, 'takes values only in the list behind `in`')
    found.push(item)
  } while (take(parsing, ','))
  expectMark(parsing, ')')
  return found
}

function deeper<T>(parsing: Parsing, read: () => T): T {
  parsing.depth += 1
  if (parsing.depth > depthMax) throw mistake(parsing, `is nested deeper than ${depthMax} levels`)
  const found = read()
  parsing.depth -= 1
  return found
}

function current({ tokens, next }: Parsing): Token {
  return tokens[next] ?? { kind: 'end', text: '', at: 0 }
}

function take(parsing: Parsing, kind: '(' | ')' | ','): boolean {
  if (current(parsing).kind !== kind) return false
  parsing.next += 1
  return true
}

function takeWord(parsing: Parsing, word: string): boolean {
  const token = current(parsing)
  if (token.kind !== 'word' || token.text !== word) return false
  parsing.next += 1
  return true
}

function expectMark(parsing: Parsing, mark: '(' | ')'): void {
  if (!take(parsing, mark)) throw unexpected(parsing, current(parsing), `\`${mark}\``)
}

function expectEnd(parsing: Parsing): void {
  const token = current(parsing)
  if (token.kind !== 'end') throw unexpected(parsing, token, 'the end')
}

function unexpected(parsing: Parsing, { kind, text, at }: Token, expected: string): Error {
  const found = kind === 'end' ? 'ends' : `has ${JSON.stringify(text.slice(0, 40))} at character ${at + 1}`
  return mistake(parsing, `${found}, where ${expected} is expected`)
}

function mistake({ option }: Parsing, message: string): Error {
  return problems.invalidQuery([{ path: option, message }])
}
