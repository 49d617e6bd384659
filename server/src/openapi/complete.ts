import { STATUS_CODES } from 'node:http'
import { errorResponse, rateLimitHeaders } from './components.ts'
import { introduction } from './description.ts'
import { errorStatusesOf, type RouteFacts, scopeOf, takesApiKey } from './operation.ts'

type Response = { $ref?: string; description?: string; headers?: Record<string, unknown>; content?: unknown }
type Parameter = { in: string; name: string; schema?: { type?: unknown } }
export type Operation = {
  operationId: string
  summary: string
  parameters?: Parameter[]
  responses: Record<string, Response>
  security: Record<string, string[]>[]
  tags: string[]
}
export type OpenApiDocument = {
  openapi: string
  info: { title: string; version: string; description?: string }
  tags: { name: string }[]
  components: Record<string, Record<string, unknown>>
  paths: Record<string, Record<string, Operation>>
}

/** Adds the introduction, the error responses and the headers that all replies share. */
export function completed(document: OpenApiDocument, facts: ReadonlyMap<string, RouteFacts>): OpenApiDocument {
  const factsOf = ({ operationId }: Operation) => {
    const found = facts.get(operationId)
    if (!found) throw new Error(`Nothing is known of the operation ${operationId}.`)
    return found
  }
  const withKey = operationsOf(document).filter(({ operation }) => takesApiKey(factsOf(operation).access))
  const paths = Object.entries(document.paths).map(([path, item]) => [
    path,
    mapValues(item, (operation) => completedOperation(operation, factsOf(operation))),
  ])
  const { schemas = {}, ...components } = document.components
  return {
    ...document,
    tags: document.tags.filter(({ name }) =>
      operationsOf(document).some(({ operation }) => operation.tags.includes(name)),
    ),
    info: {
      ...document.info,
      description: introduction(
        withKey.map(({ method, path, operation }) => ({
          method,
          path,
          summary: operation.summary,
          scope: scopeOf(factsOf(operation).access) ?? '',
        })),
      ),
    },
    components: { ...components, schemas: sorted(schemas) },
    paths: Object.fromEntries(paths),
    'x-basic-auth-operations': withKey.map(({ operation }) => operation.operationId),
  } as OpenApiDocument
}

/** All operations of a document with their method and path, in its order. */
export function operationsOf(document: OpenApiDocument): { method: string; path: string; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
}

function completedOperation(operation: Operation, facts: RouteFacts): Operation {
  const { parameters, responses } = operation
  const declared = Object.keys(responses).map(Number)
  const errors = [...new Set([...errorStatusesOf(facts), ...declared.filter(isError)])].sort((a, b) => a - b)
  return {
    ...operation,
    ...(parameters ? { parameters: parameters.map(withUsualCase).map(withBrackets) } : {}),
    responses: {
      ...Object.fromEntries(
        declared.filter((status) => !isError(status)).map((status) => [status, success(status, responses[status])]),
      ),
      ...Object.fromEntries(errors.map((status) => [status, errorResponse(status)])),
    },
  }
}

function isError(status: number): boolean {
  return status >= 400
}

function success(status: number, response: Response = {}): Response {
  const described = response.description !== undefined && response.description !== 'Default Response'
  return {
    ...response,
    description: described ? response.description : STATUS_CODES[status],
    headers: { ...response.headers, ...rateLimitHeaders },
  } as Response
}

/** Fastify's schemas name header fields in lower case; readers know them as Idempotency-Key. */
function withUsualCase(parameter: Parameter): Parameter {
  if (parameter.in !== 'header') return parameter
  return { ...parameter, name: parameter.name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase()) }
}

/** An object in a query is written `name[member]=value`; else the specification would spread its members. */
function withBrackets(parameter: Parameter): Parameter {
  if (parameter.in !== 'query' || parameter.schema?.type !== 'object') return parameter
  return { ...parameter, style: 'deepObject', explode: true } as Parameter
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function mapValues<T, U>(record: Record<string, T>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
