import { type Static, Type } from 'typebox'
import { DateTime, nullable, Uuid } from '../http/schemas.ts'
import { submissionStatuses } from '../submissions/review.ts'
import { templates } from './templates.ts'

export const formats = ['csv', 'json', 'ndjson', 'xlsx', 'parquet'] as const
export type Format = (typeof formats)[number]
/** Metadata that an export has only when `columns` names it. */
export const extraColumns = ['draft', 'deleted', 'updatedAt'] as const
export type ExtraColumn = (typeof extraColumns)[number]

const oneOrMore = (description: string) =>
  Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())], { description }))
const instant = (description: string) =>
  Type.Optional(Type.String({ description: `${description}; a date (then that whole day) or a date-time of ISO 8601` }))

const shared = {
  format: Type.Optional(Type.Enum([...formats], { default: 'csv' })),
  type: Type.Optional(Type.Enum(['submissions'], { default: 'submissions' })),
  template: Type.Optional(
    Type.Enum([...templates], {
      description: `Layout of a CSV or XLSX, where \`${templates[0]}\` is preset, or of a Parquet file, where \`unFormattedCSVExport\` is`,
    }),
  ),
  version: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 2_147_483_647,
      description: 'Number of a version; all versions when 0 or absent',
    }),
  ),
  deleted: Type.Optional(Type.Boolean({ default: false, description: 'Deleted submissions too' })),
  drafts: Type.Optional(Type.Boolean({ default: false, description: 'Drafts too' })),
  test: Type.Optional(
    Type.Boolean({ default: false, description: 'Test submissions instead of live ones; a test key gets no others' }),
  ),
  status: Type.Optional(Type.Enum([...submissionStatuses])),
  timeZone: Type.Optional(
    Type.String({
      default: 'UTC',
      examples: ['America/Vancouver'],
      description: 'Of dates and times without an offset, and of the times that are shown; a name of the IANA database',
    }),
  ),
  emailExport: Type.Optional(
    Type.Boolean({ default: false, description: 'No export is sent by mail: a CSV with `true` is refused' }),
  ),
  bom: Type.Optional(
    Type.Boolean({ default: false, description: 'CSV begins with a byte order mark, as Excel wants it' }),
  ),
  header: Type.Optional(
    Type.Enum(['key', 'label'], {
      default: 'key',
      description: 'What stands in the first line of a CSV or XLSX, and names the columns of a Parquet file',
    }),
  ),
  formulaGuard: Type.Optional(
    Type.Boolean({
      description:
        "CSV texts that a spreadsheet would calculate get a `'` in front; unless said, for people yes, for API keys no",
    }),
  ),
}

const windows = {
  minDate: instant('Created then or later'),
  maxDate: instant('Created then or earlier'),
  updatedMinDate: instant('Updated then or later'),
  updatedMaxDate: instant('Updated then or earlier'),
  submittedMinDate: instant('Submitted then or later'),
  submittedMaxDate: instant('Submitted then or earlier'),
}
export type WindowName = keyof typeof windows
export const windowNames = Object.keys(windows) as readonly WindowName[]

const nestedWindows = {
  'preference[minDate]': windows.minDate,
  'preference[maxDate]': windows.maxDate,
  'preference[updatedMinDate]': windows.updatedMinDate,
  'preference[updatedMaxDate]': windows.updatedMaxDate,
  'preference[submittedMinDate]': windows.submittedMinDate,
  'preference[submittedMaxDate]': windows.submittedMaxDate,
}
const chosenFields =
  'Only these columns, by their header names; of a JSON or NDJSON only these members, by the names that the CSV has for them'
const chosenExtras = 'Metadata to add: draft, deleted, updatedAt'

const filterQuery = {
  preference: Type.Optional(
    Type.String({
      description: `JSON text of an object with ${windowNames.join(', ')}`,
      examples: ['{"minDate":"2026-01-01"}'],
    }),
  ),
  ...nestedWindows,
  columns: oneOrMore(`${chosenExtras}; comma-separated or repeated`),
  'columns[]': oneOrMore('As `columns`'),
}

export const ExportQuery = Type.Object({
  ...shared,
  ...filterQuery,
  fields: oneOrMore(`${chosenFields}; comma-separated or repeated`),
  'fields[]': oneOrMore('As `fields`'),
})
export type ExportQuery = Static<typeof ExportQuery>

export const ExportBody = Type.Object(
  {
    ...shared,
    preference: Type.Optional(
      nullable(
        Type.Object(Object.fromEntries(windowNames.map((name) => [name, Type.Optional(nullable(windows[name]))])), {
          additionalProperties: false,
        }),
      ),
    ),
    columns: Type.Optional(Type.Array(Type.Enum([...extraColumns]), { description: chosenExtras })),
    fields: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 50_000, description: chosenFields })),
  },
  { additionalProperties: false },
)
export type ExportBody = Static<typeof ExportBody>

export const ExportFieldsQuery = Type.Object({
  type: shared.type,
  version: shared.version,
  deleted: shared.deleted,
  drafts: shared.drafts,
  test: shared.test,
  status: shared.status,
  timeZone: shared.timeZone,
  singleRow: Type.Optional(Type.Boolean({ default: false, description: 'Those of `singleRowCSVExport`' })),
  template: shared.template,
  header: shared.header,
  ...filterQuery,
})
export type ExportFieldsQuery = Static<typeof ExportFieldsQuery>

const text = nullable(Type.String())
const ExportedSubmission = Type.Object(
  {
    form: Type.Object({
      submissionId: Uuid,
      confirmationId: Type.String(),
      formName: Type.String(),
      version: Type.Integer(),
      createdAt: DateTime,
      fullName: Type.String({
        description: 'Of the submitter; `public` or the name of the API key where nobody signed in',
      }),
      username: Type.String(),
      email: text,
      submittedAt: nullable(DateTime),
      status: text,
      assignee: text,
      assigneeEmail: text,
      draft: Type.Optional(Type.Boolean()),
      deleted: Type.Optional(Type.Boolean()),
      updatedAt: Type.Optional(DateTime),
    }),
  },
  { additionalProperties: true, description: 'The answers stand beside `form`, by their keys' },
)

/** What both export operations answer. The JSON goes by the name that CHEFS gives it. */
export const ExportReply = {
  description: 'The submissions, newest first, as an attachment',
  content: {
    'text/csv': { schema: Type.String({ description: 'RFC 4180, UTF-8, with a header' }) },
    'text/json': {
      schema: Type.Array(
        Type.Union([ExportedSubmission, Type.Object({}, { description: 'With `fields`: the members that it names' })]),
      ),
    },
    'application/x-ndjson': { schema: Type.String({ description: 'An object of the JSON export in each line' }) },
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': {
      schema: Type.String({ format: 'binary', description: 'XLSX: the lines of the CSV in cells of real types' }),
    },
    'application/vnd.apache.parquet': {
      schema: Type.String({ format: 'binary', description: 'Parquet: the lines of the CSV as typed rows' }),
    },
  },
}
