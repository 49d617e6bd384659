import { type OpenApiDocument, type Operation, operationsOf } from '../openapi/complete.ts'
import { basicAuth } from '../openapi/operation.ts'

/** An operation as the document of one form has it. */
export type FormOperation = { method: string; path: string; operation: Operation }

/** The form and the version that examples name. */
export type Place = { address: string; formId: string; versionId: string | undefined }

/** Programs that move answers have no use for what designs forms. */
const tagsLeftOut = ['forms', 'versions', 'drafts', 'API key']
const keptAnyway = ['listStatusCodes', 'getFormOpenapi']
/** Nothing comes in until a version is published. */
const needPublished = ['createSubmission', 'createSubmissions']

/** The operations on a form's answers that a key with these scopes may call. */
export function operationsFor(
  document: OpenApiDocument,
  scopes: ReadonlySet<string>,
  published: boolean,
): FormOperation[] {
  return operationsOf(document).filter(({ operation }) => {
    const { operationId, tags } = operation
    const needed = scopesOf(operation)
    if (!needed?.every((scope) => scopes.has(scope))) return false
    if (!published && needPublished.includes(operationId)) return false
    return keptAnyway.includes(operationId) || !tags.some((tag) => tagsLeftOut.includes(tag))
  })
}

/** The operation for whoever holds this form's key: its ids as examples, and how to call it. */
export function forKey({ method, path, operation }: FormOperation, place: Place): Operation {
  const { parameters } = operation
  return {
    ...operation,
    security: [{ [basicAuth]: scopesOf(operation) ?? [] }],
    ...(parameters ? { parameters: parameters.map((parameter) => withExample(parameter, place)) } : {}),
    'x-codeSamples': [{ lang: 'Shell', label: 'curl', source: curlFor(method, path, operation, place) }],
  } as Operation // with a member of vendors, which the type leaves out
}

function scopesOf({ security }: Operation): string[] | undefined {
  return security.flatMap((way) => (Object.hasOwn(way, basicAuth) ? [way[basicAuth] ?? []] : []))[0]
}

type Parameter = NonNullable<Operation['parameters']>[number]

function withExample(parameter: Parameter, { formId, versionId }: Place): Parameter {
  const example = { formId, formVersionId: versionId }[parameter.name]
  return parameter.in === 'path' && example !== undefined ? ({ ...parameter, example } as Parameter) : parameter
}

function curlFor(method: string, path: string, operation: Operation & { requestBody?: unknown }, place: Place): string {
  const ids: Record<string, string | undefined> = { formId: place.formId, formVersionId: place.versionId }
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? `$${upperSnake(name)}`)
  const verb = method === 'GET' ? '' : `-X ${method} `
  const body = operation.requestBody === undefined ? '' : '--json @body.json '
  return `curl -u "${place.formId}:$API_KEY" ${verb}${body}"${place.address}${filled}"`
}

/** `formSubmissionId` as a shell writes it. */
function upperSnake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}
