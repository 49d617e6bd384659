import { formAnswerKey } from '../exports/columns.ts'
import { isRecord } from '../validation/definition.ts'
import type { JsonSchema } from './json-schema.ts'

/** The schemas of the form's own answers, beside those that all forms share. */
export type AnswerSchemas = {
  /** Undefined while no version is published. */
  sent: JsonSchema | undefined
  stored: JsonSchema
}

const toSent = { $ref: '#/components/schemas/Answers' }
const toStored = { $ref: '#/components/schemas/StoredAnswers' }
const toExported = { $ref: '#/components/schemas/ExportedSubmission' }

/** The shared schemas with this form's answers where those say that anything may stand. */
export function schemasOfForm(
  shared: Record<string, unknown>,
  { sent, stored }: AnswerSchemas,
): Record<string, unknown> {
  return {
    ...shared,
    ...(sent ? { Answers: { ...sent, description: 'The answers that the published version asks for' } } : {}),
    StoredAnswers: {
      ...stored,
      description:
        'Answers as they are read back: of all versions, and of drafts. What a program sent that no version knows is there too',
    },
    ...changed(shared, 'Submission', (schema) => withData(schema, toStored)),
    ...changed(shared, 'CreatedSubmission', (schema) => withData(schema, toStored)),
    ...(sent ? changed(shared, 'NewSubmission', newSubmission) : {}),
    ...(sent ? changed(shared, 'NewSubmissions', manySubmissions) : {}),
  }
}

/** What the JSON export has in each row: the answers stand beside `form`. */
export function exportedSchema(item: unknown, { stored }: AnswerSchemas): Record<string, unknown> {
  const { form, ...others } = isRecord(stored.properties) ? stored.properties : {}
  const own = isRecord(item) ? item : {}
  const properties = isRecord(own.properties) ? own.properties : {}
  const renamed = form === undefined ? {} : { [formAnswerKey]: form }
  return { ...own, properties: { ...others, ...renamed, ...properties } }
}

/** The reply of an export, its rows by name and its CSV with the columns; any other reply as it is. */
export function exportReply(reply: unknown, columns: unknown): unknown {
  if (!isRecord(reply) || !isRecord(reply.content) || !Object.hasOwn(reply.content, 'text/csv')) return reply
  const { 'text/json': json, 'text/csv': csv, ...others } = reply.content
  const content = {
    ...(csv === undefined ? {} : { 'text/csv': { ...Object(csv), 'x-columns': columns } }),
    ...(json === undefined ? {} : { 'text/json': { ...Object(json), schema: { type: 'array', items: toExported } } }),
    ...others,
  }
  return { ...reply, content }
}

type Change = (schema: Record<string, unknown>) => unknown

function changed(shared: Record<string, unknown>, name: string, change: Change): Record<string, unknown> {
  const schema = shared[name]
  return isRecord(schema) ? { [name]: change(schema) } : {}
}

function withData(schema: Record<string, unknown>, data: object): Record<string, unknown> {
  return withMember(schema, 'submission', (submission) => withMember(submission, 'data', () => data))
}

function withMember(schema: Record<string, unknown>, name: string, change: Change): Record<string, unknown> {
  const properties = isRecord(schema.properties) ? schema.properties : {}
  const member = properties[name]
  return isRecord(member) ? { ...schema, properties: { ...properties, [name]: change(member) } } : schema
}

/** A draft need not be complete, and says that it is one. */
function newSubmission(schema: Record<string, unknown>): Record<string, unknown> {
  const whole = withMember(withData(schema, toSent), 'draft', () => ({ const: false, type: 'boolean', default: false }))
  const draft = withMember(withData(schema, toStored), 'draft', () => ({ const: true, type: 'boolean' }))
  return { anyOf: [whole, { ...draft, required: ['submission', 'draft'] }] }
}

function manySubmissions(schema: Record<string, unknown>): Record<string, unknown> {
  return withMember(schema, 'submission', (submission) =>
    withMember(submission, 'data', (data) => ({ ...data, items: toSent })),
  )
}
