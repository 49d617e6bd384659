import { randomUUID } from 'node:crypto'

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

type Credentials = { email: string; password: string }

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

async function signIn(address: string, credentials: Credentials): Promise<string> {
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

async function callApi(address: string, cookie: string, method: string, path: string, body?: unknown) {
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
}

/** What is measured, as one HTTP request each. */
export function operationsOn(form: BenchForm): Operation[] {
  const authorization = basic(form.formId, form.secret)
  const wrong = basic(form.formId, wellFormedButWrong())
  const list = `/app/api/v1/forms/${form.formId}/submissions?paginationEnabled=true&page=0&itemsPerPage=10&deleted=false`
  const get = { method: 'GET', authorization, status: 200 } as const
  return [
    { ...get, name: 'GET form', path: `/app/api/v1/forms/${form.formId}` },
    { ...get, name: 'GET submission', path: `/app/api/v1/submissions/${form.submissionId}` },
    { ...get, name: 'list page of 10', path: list },
    { ...get, name: 'wrong key', path: `/app/api/v1/forms/${form.formId}`, authorization: wrong, status: 401 },
    {
      name: 'POST submission',
      method: 'POST',
      path: `/app/api/v1/forms/${form.formId}/versions/${form.versionId}/submissions`,
      authorization,
      body: JSON.stringify({ submission: { data: answers } }),
      status: 201,
    },
  ]
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

/** A key of CHEFS is a UUID, so any UUID is looked up. */
function wellFormedButWrong(): string {
  return randomUUID()
}
