import { isRecord } from '../../../../server/src/validation/definition.ts'
import type { AnswerColumn } from './answer-columns.ts'

/** The reader's words and formats for answers. */
export type Words = {
  yes: string
  no: string
  signed: string
  rows(count: number): string
  date(iso: string): string
  dateTime(iso: string): string
  number(value: number, grouped: boolean): string
}

const shownMax = 400

/** An answer in one line that people can read; empty for no answer. */
export function answerText(value: unknown, column: AnswerColumn, words: Words): string {
  const text = full(value, column, words)
  return text.length > shownMax ? `${text.slice(0, shownMax)}…` : text
}

function full(value: unknown, column: AnswerColumn, words: Words): string {
  if (value === undefined || value === null || value === '') return ''
  if (column.type === 'rows') return Array.isArray(value) ? words.rows(value.length) : plain(value, words)
  if (Array.isArray(value))
    return value
      .map((each) => full(each, column, words))
      .filter(Boolean)
      .join(', ')
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (typeof value === 'number') return column.options.get(String(value)) ?? number(value, column, words)
  if (typeof value === 'string') return text(value, column, words)
  return isRecord(value) ? object(value, column, words) : ''
}

function number(value: number, { component }: AnswerColumn, words: Words): string {
  // Years and numbers of files are numbers too: thousands are only set apart where the form does so.
  return words.number(value, component.delimiter === true)
}

function text(value: string, column: AnswerColumn, words: Words): string {
  const { component, options, type } = column
  if (type === 'signature' || value.startsWith('data:image/')) return words.signed
  if (type === 'day') return day(value, component.dayFirst === true, words)
  if (type === 'datetime' && !Number.isNaN(Date.parse(value)))
    return component.enableTime === false ? words.date(value) : words.dateTime(value)
  if (type === 'textarea' && typeof component.editor === 'string' && component.editor !== 'ace') return untagged(value)
  return options.get(value) ?? value
}

/** form.io stores a day as `01/15/2027`, with zeros for the parts that were not asked. */
function day(value: string, dayFirst: boolean, words: Words): string {
  const parts = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(value)
  if (!parts) return value
  const [, first = '', second = '', year = ''] = parts
  const [month, date] = dayFirst ? [second, first] : [first, second]
  if ([month, date, year].some((part) => Number(part) === 0)) return value
  return words.date(`${year}-${month}-${date}T12:00:00`)
}

function object(value: Record<string, unknown>, { type, options }: AnswerColumn, words: Words): string {
  const label = (key: string) => options.get(key) ?? key
  if (type === 'selectboxes') {
    const chosen = Object.keys(value).filter((key) => value[key] === true)
    return chosen.map(label).join(', ')
  }
  if (type === 'survey') {
    const answered = Object.entries(value).filter(([, given]) => given !== '' && given !== null)
    return answered.map(([question, given]) => `${label(question)}: ${plain(given, words)}`).join('; ')
  }
  const named = ['originalName', 'label', 'display_name', 'formattedPlace', 'formatted_address', 'fullAddress', 'name']
  for (const key of named) if (typeof value[key] === 'string' && value[key] !== '') return value[key]
  return plain(value, words)
}

/** What no rule above knows: its values, named. */
function plain(value: unknown, words: Words): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value))
    return value
      .map((each) => plain(each, words))
      .filter(Boolean)
      .join(', ')
  const parts = Object.entries(value).map(([key, each]) => [key, plain(each, words)] as const)
  return parts
    .filter(([, each]) => each !== '')
    .map(([key, each]) => `${key}: ${each}`)
    .join('; ')
}

/** Text of an editor's HTML. It is shown as text, so nothing depends on finding every tag. */
function untagged(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&nbsp;/g, ' ')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim()
}
