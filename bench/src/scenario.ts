import { randomBytes, randomUUID } from 'node:crypto'

/** The form that is measured: 20 inputs, as real ones have. */
export const definition = {
  display: 'form',
  components: [
    ...Array.from({ length: 12 }, (_, index) => ({
      type: 'textfield',
      key: `text${index}`,
      label: `Text ${index}`,
      input: true,
      validate: { required: index < 4, maxLength: 500 },
    })),
    { type: 'number', key: 'amount', label: 'Amount', input: true, validate: { min: 0 } },
    { type: 'email', key: 'mail', label: 'E-mail', input: true },
    { type: 'checkbox', key: 'agree', label: 'I agree', input: true, validate: { required: true } },
    { type: 'day', key: 'born', label: 'Date of birth', input: true },
    {
      type: 'select',
      key: 'region',
      label: 'Region',
      input: true,
      data: { values: ['north', 'south', 'east', 'west'].map((value) => ({ value, label: value })) },
    },
    {
      type: 'datagrid',
      key: 'items',
      label: 'Items',
      input: true,
      components: [
        { type: 'textfield', key: 'what', label: 'What', input: true },
        { type: 'number', key: 'many', label: 'How many', input: true },
      ],
    },
    { type: 'textarea', key: 'notes', label: 'Notes', input: true },
    { type: 'button', key: 'submit', label: 'Submit', input: true },
  ],
}

/** About 1.5 KB of answers. */
export const answers = {
  ...Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [`text${index}`, `Answer number ${index} in a few words`]),
  ),
  amount: 1234.5,
  mail: 'respondent@example.org',
  agree: true,
  born: '07/01/1980',
  region: 'north',
  items: [
    { what: 'Chairs', many: 4 },
    { what: 'Tables', many: 1 },
  ],
  notes: 'A longer text that somebody wrote. '.repeat(14),
}

export type BenchForm = { formId: string; versionId: string; secret: string; submissionId: string }

/** What a respondent's page is measured with: no field that needs a library of its own. */
const plainDefinition = {
  display: 'form',
  components: [
    { type: 'textfield', key: 'name', label: 'Name', input: true, validate: { required: true } },
    { type: 'email', key: 'mail', label: 'E-mail', input: true },
    { type: 'number', key: 'age', label: 'Age', input: true },
    { type: 'radio', key: 'reply', label: 'Reply by', input: true, values: choices('post', 'phone') },
    {
      type: 'select',
      key: 'region',
      label: 'Region',
      input: true,
      data: { values: choices('north', 'south', 'east') },
    },
    { type: 'textarea', key: 'notes', label: 'Notes', input: true },
    { type: 'button', key: 'submit', label: 'Submit', input: true, action: 'submit' },
  ],
}

function choices(...values: string[]) {
  return values.map((value) => ({ value, label: value }))
}

/** Publishes a form that anybody may fill in, and gives its id. */
export async function makePlainForm(address: string, credentials: Credentials): Promise<string> {
  const cookie = await signIn(address, credentials)
  const body = { name: 'Plain form', schema: plainDefinition, identityProviders: [{ code: 'public' }] }
  const form = await callApi(address, cookie, 'POST', '/forms', body)
  await callApi(address, cookie, 'POST', `/forms/${form.id}/drafts/${form.draft.id}/publish`)
  return form.id
}

export type Credentials = { email: string; password: string }

/** What a server needs to start, and the account that it makes then. */
export function newAdmin(): { admin: Credentials; env: Record<string, string> } {
  const admin = { email: 'bench@example.org', password: randomBytes(12).toString('hex') }
  const env = {
    SECRET_KEY: randomBytes(32).toString('base64'),
    ADMIN_EMAIL: admin.email,
    ADMIN_PASSWORD: admin.password,
  }
  return { admin, env }
}

/** Makes the account's form with its key and one submission, through the API. */
export async function makeForm(address: string, credentials: Credentials): Promise<BenchForm> {
  const cookie = await signIn(address, credentials)
  const call = (method: string, path: string, body?: unknown) => callApi(address, cookie, method, path, body)
  const form = await call('POST', '/forms', { name: 'Measured form', schema: definition })
  const version = await call('POST', `/forms/${form.id}/drafts/${form.draft.id}/publish`)
  const { secret } = await call('PUT', `/forms/${form.id}/apiKey`)
  const path = `/forms/${form.id}/versions/${version.id}/submissions`
  const { id } = await call('POST', path, { submission: { data: answers } })
  return { formId: form.id, versionId: version.id, secret, submissionId: id }
}

/** The Authorization header of a program with the form's key. */
export function authorizationOf({ formId, secret }: Pick<BenchForm, 'formId' | 'secret'>): string {
  return basic(formId, secret)
}

export async function signIn(address: string, credentials: Credentials): Promise<string> {
  const response = await fetch(`${address}/app/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(credentials),
  })
  if (!response.ok) throw new Error(`Signing in failed: ${await response.text()}`)
  return response.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
}

export async function callApi(address: string, cookie: string, method: string, path: string, body?: unknown) {
  const response = await fetch(`${address}/app/api/v1${path}`, {
    method,
    headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return response.json() as Promise<{ id: string; secret: string; draft: { id: string } }>
}

export type Operation = {
  name: string
  method: 'GET' | 'POST'
  path: string
  authorization: string
  body?: string
  status: number
  /** Whether it goes to the server whose keys may call once. */
  overLimit?: boolean
  /** How many statements it may take; what is not named is only printed. */
  statementsMax?: number
  /** The share of the other server's requests per second that we want to reach. */
  aim?: { beside: 'bare' | 'hello'; ratio: number }
}

/** What is measured, as one HTTP request each. */
export function operationsOn(form: BenchForm): Operation[] {
  const authorization = basic(form.formId, form.secret)
  const get = { method: 'GET', authorization, path: `/app/api/v1/submissions/${form.submissionId}` } as const
  const ofForm = `/app/api/v1/forms/${form.formId}`
  // A key of CHEFS is a UUID, so any UUID is looked up.
  const wrong = { ...get, authorization: basic(form.formId, randomUUID()), status: 401 }
  const malformed = { ...get, authorization: basic(form.formId, `${form.secret.slice(0, -1)}-`), status: 401 }
  return [
    { ...get, name: 'GET submission', status: 200, statementsMax: 1, aim: { beside: 'bare', ratio: 0.6 } },
    { ...wrong, name: 'well-formed wrong key', statementsMax: 1, aim: { beside: 'bare', ratio: 0.6 } },
    { ...malformed, name: 'malformed key', statementsMax: 0, aim: { beside: 'hello', ratio: 0.7 } },
    {
      ...get,
      name: 'list page of 10',
      path: `${ofForm}/submissions?paginationEnabled=true&page=0&itemsPerPage=10&deleted=false`,
      status: 200,
    },
    {
      name: 'POST submission',
      method: 'POST',
      path: `${ofForm}/versions/${form.versionId}/submissions`,
      authorization,
      body: JSON.stringify({ submission: { data: answers } }),
      status: 201,
      aim: { beside: 'bare', ratio: 0.5 },
    },
    {
      ...get,
      name: 'key over its limit',
      status: 429,
      overLimit: true,
      statementsMax: 0,
      aim: { beside: 'hello', ratio: 0.7 },
    },
  ]
}

/** The bytes of its request (RFC 9112); the host is any, for the servers are told apart by their ports. */
export function requestText({ method, path, authorization, body }: Operation): string {
  const content =
    body === undefined ? [] : ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`]
  const head = [`${method} ${path} HTTP/1.1`, 'host: 127.0.0.1', `authorization: ${authorization}`, ...content]
  return `${head.join('\r\n')}\r\n\r\n${body ?? ''}`
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
