import { problems } from '../problem.ts'

export type LiteralType = 'boolean' | 'date' | 'dateTime' | 'guid' | 'null' | 'number' | 'string'
export type Token =
  | { kind: 'literal'; type: LiteralType; text: string; at: number }
  /** A property's path, a function's name or an operator: the place tells. */
  | { kind: 'word'; text: string; at: number }
  | { kind: '(' | ')' | ','; text: string; at: number }
  | { kind: 'end'; text: ''; at: number }

const hex = '[0-9a-fA-F]'
const name = '[\\p{L}\\p{Nl}_@$][\\p{L}\\p{Nl}\\p{Nd}\\p{Mn}\\p{Mc}\\p{Pc}]*'
/** An unescaped `+` of an address arrives as a space. */
const offset = '(?:[zZ]|[-+ ]\\d\\d:\\d\\d)'

/** The first that fits wins: a GUID and a date begin like numbers. */
const patterns: [RegExp, LiteralType | 'space' | 'mark' | 'word'][] = [
  [/[ \t]+/uy, 'space'],
  [/[(),]/uy, 'mark'],
  [/'(?:[^']|'')*'/uy, 'string'],
  [new RegExp(`${hex}{8}-${hex}{4}-${hex}{4}-${hex}{4}-${hex}{12}(?![\\p{L}\\p{Nd}_])`, 'uy'), 'guid'],
  [new RegExp(`\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,12})?)?${offset}`, 'uy'), 'dateTime'],
  [/\d{4}-\d\d-\d\d(?![\p{L}\p{Nd}_])/uy, 'date'],
  [/[-+]?\d{1,300}(?:\.\d{1,300})?(?:[eE][-+]?\d{1,3})?(?![\p{L}\p{Nd}_.:])/uy, 'number'],
  [new RegExp(`${name}(?:[/.]${name})*`, 'uy'), 'word'],
]

/** @throws Problem 400 that shows the first character that begins nothing */
export function tokensOf(text: string, option: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < text.length; ) {
    const { kind, found } = tokenAt(text, at) ?? refuse(text, at, option)
    const token = toToken(kind, found, at)
    if (token) tokens.push(token)
    at += found.length
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }]
}

function tokenAt(text: string, at: number) {
  for (const [pattern, kind] of patterns) {
    pattern.lastIndex = at
    const [found] = pattern.exec(text) ?? []
    if (found !== undefined) return { kind, found }
  }
  return undefined
}

function toToken(kind: LiteralType | 'space' | 'mark' | 'word', text: string, at: number): Token | undefined {
  if (kind === 'space') return undefined
  if (kind === 'mark') return { kind: text === '(' || text === ')' ? text : ',', text, at }
  if (kind === 'string') return { kind: 'literal', type: kind, text: text.slice(1, -1).replaceAll("''", "'"), at }
  if (kind !== 'word') return { kind: 'literal', type: kind, text, at }
  if (text === 'null') return { kind: 'literal', type: 'null', text, at }
  return text === 'true' || text === 'false' ? { kind: 'literal', type: 'boolean', text, at } : { kind, text, at }
}

function refuse(text: string, at: number, option: string): never {
  throw problems.invalidQuery([
    { path: option, message: `cannot be read at character ${at + 1}: ${JSON.stringify(text.slice(at, at + 20))}` },
  ])
}
