import { formAnswerKey } from '../exports/columns.ts'
import type { Answers } from './example.ts'

/** What an operation's body and replies look like, by media type. */
export type OperationExamples = { body?: unknown; reply?: Record<string, unknown> }

type Facts = {
  form: { id: string; name: string }
  version: { id: string; number: number } | undefined
  /** Undefined where none was found that the form's rules let pass. */
  answers: Answers | undefined
  columnNames: string[]
}

const json = 'application/json'
const at = '2026-01-31T09:30:00.000Z'
const submissionId = '8f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d'
const confirmationId = '8F6C0E9A'
const author = 'api-key:Default'

/** Examples of the operations whose bodies or replies hold answers, by the operation's id. */
export function examplesOf(facts: Facts): Record<string, OperationExamples> {
  const { answers, columnNames } = facts
  const row = storedRow(facts)
  const exported = exportedRow(facts)
  const exports = {
    'text/csv': `${columnNames.map(csvCell).join(',')}\r\n`,
    'text/json': [exported],
    'application/x-ndjson': `${JSON.stringify(exported)}\n`,
  }
  const cursor = '5d0c3f1a.8123.41'
  const change = { cursor, kind: 'created', submissionId, draft: false, status: 'SUBMITTED' }
  return {
    createSubmission: {
      ...(answers ? { body: { draft: false, submission: { data: answers } } } : {}),
      reply: { [json]: row },
    },
    createSubmissions: { ...(answers ? { body: { submission: { data: [answers] } } } : {}), reply: { [json]: [row] } },
    listVersionSubmissions: { reply: { [json]: [row] } },
    listSubmissions: { reply: { [json]: { results: [listItem(facts)], total: 1 } } },
    listChanges: {
      reply: {
        [json]: {
          changes: [{ ...change, changedBy: author, changedAt: at, submission: row }],
          next: cursor,
          more: false,
        },
      },
    },
    exportSubmissions: { reply: exports },
    exportSubmissionsWithFields: { reply: exports },
    downloadExport: { reply: exports },
    listExportFields: { reply: { [json]: columnNames } },
  }
}

const stamps = { createdBy: author, createdAt: at, updatedBy: null, updatedAt: at }
/** Where no version is published there are no rows, and any id will do. */
const versionIdOf = ({ version }: Facts) => version?.id ?? submissionId

function storedRow(facts: Facts) {
  const ids = { id: submissionId, formVersionId: versionIdOf(facts), confirmationId }
  return { ...ids, draft: false, deleted: false, submission: { data: facts.answers ?? {} }, ...stamps }
}

function listItem(facts: Facts) {
  return {
    confirmationId,
    createdAt: at,
    formId: facts.form.id,
    formSubmissionStatusCode: 'SUBMITTED',
    submissionId,
    deleted: false,
    createdBy: author,
    formVersionId: versionIdOf(facts),
    lateEntry: false,
  }
}

function exportedRow({ form, version, answers = {} }: Facts) {
  const metadata = {
    submissionId,
    confirmationId,
    formName: form.name,
    version: version?.number ?? 1,
    createdAt: at,
    fullName: author,
    username: author,
    email: null,
    submittedAt: at,
    status: 'SUBMITTED',
    assignee: null,
    assigneeEmail: null,
  }
  const beside = Object.entries(answers).map(([key, value]) => [key === 'form' ? formAnswerKey : key, value])
  return { form: metadata, ...Object.fromEntries(beside) }
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
