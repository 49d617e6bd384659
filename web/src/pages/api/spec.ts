/** What we read of an OpenAPI document. Everything may be absent: it comes over the wire. */
export type Schema = {
  $ref?: string
  type?: string | string[]
  format?: string
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  default?: unknown
  example?: unknown
  examples?: unknown[]
}
export type Parameter = { name: string; in: string; required?: boolean; description?: string; schema?: Schema }
type Content = Record<string, { schema?: Schema; example?: unknown }>
type Response = { $ref?: string; description?: string; content?: Content }
type RawOperation = {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content?: Content }
  responses?: Record<string, Response>
  security?: Record<string, string[]>[]
}
export type SpecDocument = {
  paths: Record<string, Record<string, RawOperation>>
  tags?: { name: string; 'x-displayName'?: string; description?: string }[]
  components?: { schemas?: Record<string, Schema>; responses?: Record<string, Response> }
}

export type Reply = { status: string; description: string; mediaTypes: string[]; schema: Schema | undefined }
export type Operation = {
  id: string
  method: string
  path: string
  summary: string
  description: string
  tag: string
  /** Whether the API key opens it: `BasicAuth` stands in its `security`. */
  takesKey: boolean
  parameters: Parameter[]
  body: { mediaType: string; required: boolean; schema: Schema; example: unknown } | undefined
  replies: Reply[]
}

const methods = ['get', 'post', 'put', 'patch', 'delete']

export function operationsIn(spec: SpecDocument): Operation[] {
  return Object.entries(spec.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const raw = item[method]
      return raw ? [toOperation(spec, method.toUpperCase(), path, raw)] : []
    }),
  )
}

function toOperation(spec: SpecDocument, method: string, path: string, raw: RawOperation): Operation {
  const [mediaType, content] = Object.entries(raw.requestBody?.content ?? {})[0] ?? []
  const body = mediaType && {
    mediaType,
    required: raw.requestBody?.required === true,
    schema: content?.schema ?? {},
    example: content?.example,
  }
  return {
    id: raw.operationId ?? `${method} ${path}`,
    method,
    path,
    summary: raw.summary ?? '',
    description: raw.description ?? '',
    tag: raw.tags?.[0] ?? '',
    takesKey: (raw.security ?? []).some((each) => 'BasicAuth' in each),
    parameters: raw.parameters ?? [],
    body: body || undefined,
    replies: Object.entries(raw.responses ?? {}).map(([status, response]) => toReply(spec, status, response)),
  }
}

function toReply(spec: SpecDocument, status: string, response: Response): Reply {
  const name = response.$ref?.replace('#/components/responses/', '')
  const { description = '', content = {} } = name ? (spec.components?.responses?.[name] ?? {}) : response
  return {
    status,
    description,
    mediaTypes: Object.keys(content),
    schema: Object.values(content).find(({ schema }) => schema)?.schema,
  }
}

export type Filter = { onlyKey: boolean; words: string }

/** Every word has to be somewhere in the operation: path, method, summary, section or description. */
export function filterOperations(operations: Operation[], { onlyKey, words }: Filter): Operation[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  return operations.filter((operation) => {
    if (onlyKey && !operation.takesKey) return false
    const { id, method, path, summary, tag, description } = operation
    const text = [id, method, path, summary, tag, description].join(' ').toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
}

export type Section = { name: string; title: string; description: string; operations: Operation[] }

/** The operations under their tags, in the document's order; sections without any are left out. */
export function sectionsOf(spec: SpecDocument, operations: Operation[]): Section[] {
  const declared = spec.tags ?? []
  const names = [...new Set([...declared.map(({ name }) => name), ...operations.map(({ tag }) => tag)])]
  return names
    .map((name) => {
      const tag = declared.find((each) => each.name === name)
      return {
        name,
        title: tag?.['x-displayName'] ?? name,
        description: tag?.description ?? '',
        operations: operations.filter((operation) => operation.tag === name),
      }
    })
    .filter((section) => section.operations.length > 0)
}
