import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { plainAnswers, plainForm } from './definitions.ts'

/** One operation of the OpenAPI document. */
export type ApiOperation = {
  id: string
  method: string
  /** With parameters as in `/forms/{formId}`. */
  path: string
  pathParameters: string[]
  queryParameters: string[]
  hasBody: boolean
  /** Marked `BasicAuth`. */
  takesKey: boolean
  /** What a key needs there, as the document tells. */
  scopes: string[]
  /** Marked with nothing: anybody may call. */
  open: boolean
}

type DocumentedOperation = {
  operationId: string
  security?: Record<string, string[]>[]
  parameters?: { in: string; name: string }[]
  requestBody?: unknown
}

/** Every operation of the document that the server publishes. */
export function operationsOf(app: FastifyInstance): ApiOperation[] {
  // The document is what programs get; its types speak of three versions of OpenAPI.
  const { paths } = app.swagger() as unknown as { paths: Record<string, Record<string, DocumentedOperation>> }
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => toOperation(method.toUpperCase(), path, operation)),
  )
}

function toOperation(method: string, path: string, operation: DocumentedOperation): ApiOperation {
  const { operationId, security = [], parameters = [], requestBody } = operation
  const named = (place: string) => parameters.filter((each) => each.in === place).map(({ name }) => name)
  return {
    id: operationId,
    method,
    path,
    pathParameters: named('path'),
    queryParameters: named('query'),
    hasBody: requestBody !== undefined,
    takesKey: security.some((way) => 'BasicAuth' in way),
    scopes: security.flatMap((way) => way.BasicAuth ?? []),
    open: security.length === 0,
  }
}

/** An operation's path with values for its parameters. */
export function fill(path: string, values: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? 'none'))
}

/** A body that each operation with one takes, and the answers that it is about. */
export function sampleBody(operationId: string): unknown {
  const samples: Record<string, unknown> = {
    createForm: { name: 'Another', schema: plainForm },
    updateForm: { description: 'Changed' },
    createDraft: { schema: plainForm },
    updateDraft: { schema: plainForm },
    createSubmission: { submission: { data: plainAnswers } },
    createSubmissions: { submission: { data: [plainAnswers, plainAnswers] } },
    updateSubmission: { submission: { data: plainAnswers } },
    restoreSubmission: { deleted: false },
    setSubmissionStatus: { code: 'COMPLETED' },
    deleteSubmissions: { submissionIds: ['8f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d'] },
    restoreSubmissions: { submissionIds: ['8f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d'] },
    exportSubmissionsWithFields: { format: 'json' },
    createNamedApiKey: { name: 'Power BI', scopes: ['submissions:read'] },
    changeNamedApiKey: { enabled: false },
    rotateNamedApiKey: { overlapHours: 1 },
    revokeNamedApiKey: {},
    setFilesApiAccess: { filesApiAccess: true },
    raiseRateLimit: { limit: 1000, until: new Date(Date.now() + 86_400_000).toISOString(), reason: 'A migration' },
    deleteFiles: { fileIds: ['8f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d'] },
    setRolesOnForm: [{ role: 'form_submitter' }],
    setRolesOfUser: [{ role: 'form_submitter' }],
    removeFromTeam: [],
    setUp: { token: 'x'.repeat(43), name: 'Eve', email: 'eve@example.org', password: 'correct horse battery' },
    invite: { email: 'new@example.org' },
    renameSelf: { name: 'Eve' },
    joinByInvitation: { token: 'x'.repeat(43) },
    lookUpInvitation: { token: 'x'.repeat(43) },
    acceptInvitation: { token: 'x'.repeat(43), name: 'Eve', password: 'correct horse battery' },
    signIn: { email: 'eve@example.org', password: 'wrong horse battery' },
    signUp: { name: 'Eve', email: 'eve@example.org', password: 'correct horse battery' },
    changePassword: { currentPassword: 'wrong horse battery', newPassword: 'correct horse battery' },
  }
  return samples[operationId] ?? {}
}

/** Every row of every table that belongs to a form, as text, to compare before and after. */
export async function rowsOfForm(pool: pg.Pool, formId: string): Promise<string[]> {
  const { rows: tables } = await pool.query<{ name: string; column: string }>(
    `select table_name as name, column_name as column from information_schema.columns
     where table_schema = 'public' and (column_name = 'form_id' or (table_name = 'form' and column_name = 'id'))`,
  )
  const texts = await Promise.all([
    ...tables.map(({ name, column }) =>
      textsOf(pool, `select t::text as row from ${name} t where ${column} = $1`, formId),
    ),
    textsOf(
      pool,
      'select t::text as row from submission_status t join submission s on s.id = t.submission_id where s.form_id = $1',
      formId,
    ),
  ])
  return texts.flat().sort()
}

async function textsOf(pool: pg.Pool, select: string, formId: string): Promise<string[]> {
  const { rows } = await pool.query<{ row: string }>(select, [formId])
  return rows.map(({ row }) => row)
}
