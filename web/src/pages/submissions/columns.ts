import { type AnswerColumn, nameOf } from './answer-columns.ts'

/** What the list tells about a submission, by the API's names. */
export const ownColumns = [
  'confirmationId',
  'createdAt',
  'createdBy',
  'formSubmissionStatusCode',
  'formVersionId',
  'updatedAt',
  'updatedBy',
  'lateEntry',
] as const
export type OwnColumn = (typeof ownColumns)[number]

const presetOwn: OwnColumn[] = ['confirmationId', 'createdAt', 'createdBy', 'formSubmissionStatusCode', 'formVersionId']
const presetAnswers = 3
/** More answers make a table that nobody reads, and an address that servers refuse. */
export const answersMax = 40

export type Column = { kind: 'own'; key: OwnColumn } | { kind: 'answer'; key: string; column: AnswerColumn }

/** Every column that the table can have: the submission's own first, then the answers in design order. */
export function allColumns(answers: AnswerColumn[]): Column[] {
  return [
    ...ownColumns.map((key) => ({ kind: 'own' as const, key })),
    ...answers.map((column) => ({ kind: 'answer' as const, key: column.key, column })),
  ]
}

/** The columns to show. What leads to the submission is always there. */
export function shownColumns(answers: AnswerColumn[], chosen: string[] | undefined): Column[] {
  const wanted = new Set<string>(chosen ?? presetKeys(answers))
  let left = answersMax
  return allColumns(answers).filter(({ kind, key }) => {
    if (key === 'confirmationId') return true
    if (!wanted.has(key)) return false
    if (kind === 'answer') left -= 1
    return left >= 0
  })
}

export function presetKeys(answers: AnswerColumn[]): string[] {
  // A paragraph or a picture is no column that somebody wants to see first.
  const short = answers.filter(({ type }) => !['textarea', 'signature', 'file', 'hidden', 'survey'].includes(type))
  return [...presetOwn, ...short.slice(0, presetAnswers).map(({ key }) => key)]
}

/** The name by which the list sorts; undefined for a column by which it cannot. */
export function sortName(column: Column): string | undefined {
  // Versions are told apart by their ids, whose order means nothing.
  if (column.kind === 'own') return column.key === 'formVersionId' ? undefined : column.key
  return column.column.ambiguous || column.column.type === 'rows' ? undefined : nameOf(column.column)
}

const storageKey = (formId: string) => `formgate.columns.${formId}`

export function storedColumns(formId: string): string[] | undefined {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey(formId)) ?? 'null')
    return Array.isArray(stored) ? stored.filter((key) => typeof key === 'string') : undefined
  } catch {
    return undefined
  }
}

export function storeColumns(formId: string, keys: string[] | undefined): void {
  try {
    if (keys) localStorage.setItem(storageKey(formId), JSON.stringify(keys))
    else localStorage.removeItem(storageKey(formId))
  } catch {
    // Storage can be switched off; the choice then lasts as long as the page.
  }
}
