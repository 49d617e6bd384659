import { expectedAnswer, isList } from '../validation/answers.ts'
import type { Field } from '../validation/field.ts'
import { type Answer, answersIn } from './form-answers.ts'
import { optionsOf, textsIn } from './options.ts'
import { lengthsOf, numberOf, patternOf } from './rules-of-field.ts'

/** Decides by an answer's path, without row numbers, whether an example has it. */
export type Choose = (path: string, answer: Answer) => boolean

type Holder = Record<string, unknown>

/** Answers as a person could have given them, with one row in each grid. */
export function sampleAnswers(fields: Field[], choose: Choose, certain = true, above: string[] = []): Holder {
  const answers: Holder = {}
  for (const answer of answersIn(fields, certain)) {
    const path = [...above, ...answer.field.keyPath]
    if (!choose(path.join('.'), answer)) continue
    const value = sampleOf(answer, choose, path)
    if (value !== undefined) put(answers, answer.field.keyPath, value)
  }
  return answers
}

/** Sets a member of its own, whatever its name: `__proto__` is a key like any other. */
function put(holder: Holder, [key = '', ...rest]: string[], value: unknown): void {
  const inner: unknown = Object.hasOwn(holder, key) ? holder[key] : undefined
  // What stands there already was put there by a longer path, or is another field's answer, which this one replaces.
  const next = typeof inner === 'object' && inner !== null ? (inner as Holder) : {}
  if (rest.length > 0) put(next, rest, value)
  const own = rest.length > 0 ? next : value
  Object.defineProperty(holder, key, { value: own, enumerable: true, configurable: true, writable: true })
}

function sampleOf({ field, certain }: Answer, choose: Choose, path: string[]): unknown {
  if (field.nature === 'object') return sampleAnswers(field.children, choose, certain, path)
  if (field.nature === 'form') return { data: sampleAnswers(field.children, choose, certain, [...path, 'data']) }
  if (field.nature === 'rows') {
    const row = sampleAnswers(field.children, choose, certain, path)
    return Array.from({ length: Math.min(lengthsOf(field).minLength ?? 1, 100) }, () => row)
  }
  const value = sampleValue(field)
  return value !== undefined && isList(field) ? [value] : value
}

/** A value for one field; undefined where we know none that would be taken. */
function sampleValue(field: Field): unknown {
  const { component } = field
  switch (expectedAnswer(field)) {
    case 'number':
    case 'numberOrText':
      return sampleNumber(field)
    case 'boolean':
      return true
    case 'boxes':
      return sampleBoxes(field)
    case 'choice':
      return optionsOf(component)?.find((option) => option !== '')
    case 'scalar':
      return component.type === 'radio' ? optionsOf(component)?.find((option) => option !== '') : sampleText(field)
    case 'text':
    case 'maskedText':
      return sampleText(field)
    case 'tags':
      return 'one,two'
    case 'map':
      return component.type === 'survey' ? sampleSurvey(field) : undefined
    default:
      return undefined
  }
}

function sampleNumber(field: Field): number | undefined {
  const [least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY] = [
    numberOf(field, 'min'),
    numberOf(field, 'max'),
  ]
  return least > most ? undefined : Math.min(Math.max(1, least), most)
}

function sampleBoxes(field: Field): object | undefined {
  const values = textsIn(field.component.values)
  const checked = Math.max(1, numberOf(field, 'minSelectedCount') ?? 1)
  return values.length > 0 ? Object.fromEntries(values.map((value, place) => [value, place < checked])) : undefined
}

function sampleSurvey({ component }: Field): object | undefined {
  const choice = textsIn(component.values)[0]
  return choice === undefined
    ? undefined
    : Object.fromEntries(textsIn(component.questions).map((question) => [question, choice]))
}

/** Texts of the types that have a form of their own. */
const texts: Record<string, string> = {
  email: 'name@example.org',
  url: 'https://example.org',
  datetime: '2026-01-31T09:30:00.000Z',
  phoneNumber: '(250) 555-0199',
}

function sampleText(field: Field): string | undefined {
  const { component } = field
  const pattern = patternOf(field)
  const hasPattern = typeof component.validate.pattern === 'string'
  const text = hasPattern
    ? pattern?.sample
    : (component.type !== 'time' && maskSample(component.inputMask)) || plainSample(field)
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = lengthsOf(field)
  const fits = text !== undefined && text !== '' && text.length >= minLength && text.length <= maxLength
  return fits ? text : undefined
}

function plainSample(field: Field): string | undefined {
  const { type } = field.component
  if (type === 'signature') return undefined
  if (type === 'time') return sampleTime(field)
  if (type === 'day') return sampleDay(field)
  if (Object.hasOwn(texts, type)) return texts[type]
  const words = Math.min(numberOf(field, 'minWords') ?? 1, 1000)
  const { minLength = 1, maxLength = 10_000 } = lengthsOf(field)
  const text = Array.from({ length: Math.max(1, words) }, () => 'Text').join(' ')
  return text.padEnd(Math.min(minLength, 10_000), 't').slice(0, maxLength)
}

const timeParts: Record<string, string> = {
  HH: '09',
  H: '9',
  hh: '09',
  h: '9',
  mm: '30',
  m: '30',
  ss: '00',
  A: 'AM',
  a: 'am',
}

function sampleTime({ component: { dataFormat } }: Field): string | undefined {
  const format = typeof dataFormat === 'string' && dataFormat !== '' ? dataFormat : 'HH:mm:ss'
  const time = format.slice(0, 20).replace(/[A-Za-z]+/g, (part) => timeParts[part] ?? '?')
  return time.includes('?') ? undefined : time
}

function sampleDay({ component }: Field): string {
  const [least, most] = [Number(component.minYear) || 1900, Number(component.maxYear) || 2100]
  const year = Math.min(Math.max(2026, least), most)
  return component.dayFirst ? `31/01/${year}` : `01/31/${year}`
}

/** `999-AAA` of a form.io mask is `555-AAA`. */
function maskSample(mask: unknown): string | undefined {
  if (typeof mask !== 'string' || mask === '' || mask.length > 200) return undefined
  return mask.replace(/[9Aa*]/g, (place) => (place === '9' ? '5' : place === '*' ? 'x' : place))
}
