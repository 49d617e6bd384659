import type { OpenApiDocument, Operation } from '../openapi/complete.ts'
import { basicAuth } from '../openapi/operation.ts'
import { isRecord } from '../validation/definition.ts'
import type { Answers } from './example.ts'
import { examplesOf, type OperationExamples } from './form-examples.ts'
import { forKey, operationsFor, type Place } from './form-operations.ts'
import { type AnswerSchemas, exportedSchema, exportReply, schemasOfForm } from './form-schemas.ts'

/** All that the document of one form is made of. */
export type FormFacts = {
  form: { id: string; name: string; description: string | null }
  /** The server's public address, without a slash at its end. */
  address: string
  /** The published version. */
  version: { id: string; number: number } | undefined
  schemas: AnswerSchemas
  columns: { name: string; label: string; valueType: string }[]
  example: Answers | undefined
  /** What the key may do for which the document is made. */
  scopes: ReadonlySet<string>
}

/** The document of the whole server, cut down to what one form's key can call and filled with the form's own fields. */
export function formDocument(server: OpenApiDocument, facts: FormFacts): OpenApiDocument {
  const { form, version, address, scopes, columns } = facts
  const place: Place = { address, formId: form.id, versionId: version?.id }
  const examples = examplesOf({ ...facts, answers: facts.example, columnNames: columns.map(({ name }) => name) })
  const paths: Record<string, Record<string, Operation>> = {}
  for (const each of operationsFor(server, scopes, version !== undefined)) {
    const { operationId } = each.operation
    const own = withExamples(withColumns(forKey(each, place), columns), examples[operationId] ?? {})
    paths[each.path] = { ...paths[each.path], [each.method.toLowerCase()]: own }
  }
  const used = new Set(Object.values(paths).flatMap((item) => Object.values(item).flatMap(({ tags }) => tags)))
  return {
    openapi: server.openapi,
    info: { title: form.name, version: String(version?.number ?? 0), description: introduction(facts) },
    servers: [{ url: address }],
    tags: server.tags.filter(({ name }) => used.has(name)),
    paths,
    components: componentsFor(server, facts, paths),
  } as OpenApiDocument // with `servers`, which the type leaves out
}

function introduction({ form, version, example, columns }: FormFacts): string {
  const about = form.description ? [form.description] : []
  const state = version
    ? `Version ${version.number} is published; \`Answers\` is what it asks for. \`StoredAnswers\` has the fields of all versions.`
    : 'No version is published, so that nothing can be submitted.'
  const sample = example
    ? 'The examples pass the rules of the form.'
    : 'There is no example to submit: none was found that passes the rules of the form.'
  const authorization = `HTTP Basic: the user name is \`${form.id}\`, the password an API key of this form.`
  const exported = `An export has ${columns.length} columns, which \`x-columns\` lists with their labels and types; answers that no version declares follow them.`
  return [...about, `${state} ${version ? sample : ''}`.trim(), authorization, exported].join('\n\n')
}

function withColumns(operation: Operation, columns: FormFacts['columns']): Operation {
  const responses = Object.entries(operation.responses).map(([status, reply]) => [status, exportReply(reply, columns)])
  return { ...operation, responses: Object.fromEntries(responses) }
}

function withExamples(
  operation: Operation & { requestBody?: unknown },
  { body, reply = {} }: OperationExamples,
): Operation {
  const { requestBody, responses } = operation
  const shown = Object.entries(responses).map(([status, response]) => [
    status,
    Number(status) < 300 ? withContent(response, reply) : response,
  ])
  return {
    ...operation,
    ...(body === undefined ? {} : { requestBody: withContent(requestBody, { 'application/json': body }) }),
    responses: Object.fromEntries(shown),
  } as Operation // with `requestBody`, which the type leaves out
}

function withContent(holder: unknown, examples: Record<string, unknown>): unknown {
  if (!isRecord(holder) || !isRecord(holder.content)) return holder
  const content = Object.entries(holder.content).map(([type, media]) => [
    type,
    isRecord(media) && Object.hasOwn(examples, type) ? { ...media, example: examples[type] } : media,
  ])
  return { ...holder, content: Object.fromEntries(content) }
}

/** The components that the operations lead to, by whichever way. */
function componentsFor(server: OpenApiDocument, facts: FormFacts, paths: object): OpenApiDocument['components'] {
  const { schemas = {}, securitySchemes = {}, ...others } = server.components
  const exported = server.paths['/app/api/v1/forms/{formId}/export']?.get?.responses[200]
  const all: Record<string, Record<string, unknown>> = {
    ...others,
    schemas: {
      ...schemasOfForm(schemas, facts.schemas),
      ExportedSubmission: exportedSchema(itemOf(exported), facts.schemas),
    },
  }
  const found = new Map<string, Set<string>>()
  const waiting: unknown[] = [paths]
  while (waiting.length > 0) {
    for (const [kind, name] of referencesIn(waiting.pop())) {
      const names = found.get(kind) ?? new Set()
      if (names.has(name)) continue
      found.set(kind, names.add(name))
      waiting.push(all[kind]?.[name])
    }
  }
  const kept = [...found].map(([kind, names]) => [
    kind,
    Object.fromEntries([...names].sort().map((name) => [name, all[kind]?.[name]])),
  ])
  return { securitySchemes: { [basicAuth]: securitySchemes[basicAuth] }, ...Object.fromEntries(kept) }
}

function itemOf(reply: unknown): unknown {
  const content = isRecord(reply) && isRecord(reply.content) ? reply.content['text/json'] : undefined
  const schema = isRecord(content) ? content.schema : undefined
  return isRecord(schema) ? schema.items : undefined
}

const reference = /^#\/components\/(\w+)\/([\w.-]+)$/

/** Kind and name of each component that something refers to; examples hold answers, and no references. */
function* referencesIn(value: unknown): Generator<[string, string]> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    const [, kind, name] = key === '$ref' && typeof inner === 'string' ? (reference.exec(inner) ?? []) : []
    if (kind !== undefined && name !== undefined) yield [kind, name]
    else if (key !== 'example' && key !== 'examples') yield* referencesIn(inner)
  }
}
