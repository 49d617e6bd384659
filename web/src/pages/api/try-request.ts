import { shellQuote } from '../settings/shell-quote.ts'
import type { Operation, Parameter } from './spec.ts'

export type Credentials = { formId: string; key: string }
/** What was typed, by parameter; `values` by `in:name`. */
export type TryInput = { values: Record<string, string>; body: string }

export type Mistake =
  | { code: 'credentialsMissing' }
  | { code: 'colonInFormId' }
  | { code: 'missing'; name: string }
  | { code: 'badPath'; name: string }
  | { code: 'badHeader'; name: string }
  | { code: 'bodyNoJson'; reason: string }

export type Prepared =
  | { kind: 'ready'; url: string; method: string; headers: Record<string, string>; body: string | undefined }
  | { kind: 'mistake'; mistake: Mistake }

export const inputKey = (parameter: Parameter) => `${parameter.in}:${parameter.name}`

/** The request as it will be sent, or the first thing that is wrong with it. It always goes to this server. */
export function prepareRequest(operation: Operation, input: TryInput, who: Credentials, origin: string): Prepared {
  const mistake = mistakeIn(operation, input, who)
  if (mistake) return { kind: 'mistake', mistake }
  const given = operation.parameters.filter((parameter) => (input.values[inputKey(parameter)] ?? '') !== '')
  const valueIn = (parameter: Parameter) => input.values[inputKey(parameter)] ?? ''

  const path = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent((input.values[`path:${name}`] ?? '').trim()),
  )
  const query = new URLSearchParams()
  for (const parameter of given.filter((each) => each.in === 'query')) {
    const lines = isList(parameter) ? valueIn(parameter).split('\n').filter(Boolean) : [valueIn(parameter)]
    for (const line of lines) query.append(parameter.name, line)
  }
  const headers: Record<string, string> = { authorization: basic(who) }
  for (const parameter of given.filter((each) => each.in === 'header')) headers[parameter.name] = valueIn(parameter)
  const body = operation.body && input.body.trim() !== '' ? input.body : undefined
  if (body !== undefined) headers['content-type'] = 'application/json'
  const search = query.toString()
  return {
    kind: 'ready',
    url: `${origin}${path}${search ? `?${search}` : ''}`,
    method: operation.method,
    headers,
    body,
  }
}

/** A parameter with several values, typed one to a line. */
export const isList = (parameter: Parameter) => parameter.schema?.type === 'array'

function mistakeIn(operation: Operation, { values, body }: TryInput, who: Credentials): Mistake | undefined {
  if (who.formId.trim() === '' || who.key.trim() === '') return { code: 'credentialsMissing' }
  // In Basic authorization the first colon ends the user name.
  if (who.formId.includes(':')) return { code: 'colonInFormId' }
  for (const parameter of operation.parameters) {
    const { name } = parameter
    const value = values[inputKey(parameter)] ?? ''
    if (parameter.required && value.trim() === '') return { code: 'missing', name }
    // A browser would take these as steps in the path, and call another operation.
    if (parameter.in === 'path' && /^\.{1,2}$/.test(value.trim())) return { code: 'badPath', name }
    // Printable ASCII: a line break would begin another header.
    if (parameter.in === 'header' && !/^[\x20-\x7e]*$/.test(value)) return { code: 'badHeader', name }
  }
  return operation.body ? bodyMistake(body, operation.body.required) : undefined
}

function bodyMistake(body: string, required: boolean): Mistake | undefined {
  if (body.trim() === '') return required ? { code: 'missing', name: 'body' } : undefined
  try {
    JSON.parse(body)
    return undefined
  } catch (error) {
    return { code: 'bodyNoJson', reason: error instanceof Error ? error.message : '' }
  }
}

function basic({ formId, key }: Credentials): string {
  const bytes = new TextEncoder().encode(`${formId.trim()}:${key.trim()}`)
  return `Basic ${btoa(String.fromCharCode(...bytes))}`
}

/** The same call for a shell. The key comes from the environment: command lines end up in histories. */
export function curlLine(prepared: Extract<Prepared, { kind: 'ready' }>, formId: string): string {
  const { authorization: _, ...headers } = prepared.headers
  const parts = [
    'curl --include',
    ...(prepared.method === 'GET' ? [] : [`--request ${prepared.method}`]),
    `--user ${shellQuote(`${formId.trim()}:`)}"$API_KEY"`,
    ...Object.entries(headers).map(([name, value]) => `--header ${shellQuote(`${name}: ${value}`)}`),
    ...(prepared.body === undefined ? [] : [`--data-raw ${shellQuote(prepared.body)}`]),
    shellQuote(prepared.url),
  ]
  return parts.join(' \\\n  ')
}
