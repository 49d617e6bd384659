import { beforeAll, expect, it } from 'vitest'
import { type OpenApiDocument, operationsOf } from '../src/openapi/complete.ts'
import { generateDocument } from '../src/openapi/generate.ts'

/** The operations of CHEFS that take an API key by its specification or its code, offered by us already or not. */
const withKey = new Set([
  'DELETE /files/{fileId}',
  'GET /files/{fileId}',
  'GET /files/{fileId}/clone',
  'DELETE /forms/{formId}',
  'GET /forms/{formId}',
  'PUT /forms/{formId}',
  'GET /forms/{formId}/csvexport/fields',
  'GET /forms/{formId}/documentTemplates',
  'POST /forms/{formId}/documentTemplates',
  'DELETE /forms/{formId}/documentTemplates/{documentTemplateId}',
  'GET /forms/{formId}/documentTemplates/{documentTemplateId}',
  'GET /forms/{formId}/drafts',
  'POST /forms/{formId}/drafts',
  'DELETE /forms/{formId}/drafts/{formVersionDraftId}',
  'GET /forms/{formId}/drafts/{formVersionDraftId}',
  'PUT /forms/{formId}/drafts/{formVersionDraftId}',
  'POST /forms/{formId}/drafts/{formVersionDraftId}/publish',
  'GET /forms/{formId}/export',
  'POST /forms/{formId}/export/fields',
  'GET /forms/{formId}/fields',
  'GET /forms/{formId}/printConfig',
  'GET /forms/{formId}/statusCodes',
  'GET /forms/{formId}/submissions',
  'POST /forms/{formId}/template/render',
  'GET /forms/{formId}/version',
  'GET /forms/{formId}/versions/{formVersionId}',
  'GET /forms/{formId}/versions/{formVersionId}/fields',
  'POST /forms/{formId}/versions/{formVersionId}/multiSubmission',
  'POST /forms/{formId}/versions/{formVersionId}/publish',
  'GET /forms/{formId}/versions/{formVersionId}/submissions',
  'POST /forms/{formId}/versions/{formVersionId}/submissions',
  'GET /forms/{formId}/versions/{formVersionId}/submissions/discover',
  'DELETE /submissions/{formSubmissionId}',
  'GET /submissions/{formSubmissionId}',
  'GET /submissions/{formSubmissionId}/notes',
  'GET /submissions/{formSubmissionId}/status',
  'POST /submissions/{formSubmissionId}/template/render',
  'GET /submissions/{formSubmissionId}/template/{documentTemplateId}/render',
])

/** What takes a key here and not in CHEFS, each with a scope that the key Default lacks until it is ticked. */
const oursWithKey = new Set([
  'POST /submissions/{formSubmissionId}/status',
  'GET /forms/{formId}/changes',
  'POST /forms/{formId}/export',
  'GET /forms/{formId}/exports',
  'GET /forms/{formId}/export/{exportId}',
  'DELETE /forms/{formId}/export/{exportId}',
  'GET /forms/{formId}/export/{exportId}/file',
  'GET /forms/{formId}/export/{exportId}/manifest',
  'GET /forms/{formId}/openapi.json',
  'GET /forms/{formId}/odata',
  'GET /forms/{formId}/odata/$metadata',
  'GET /forms/{formId}/odata/Submissions',
  'GET /forms/{formId}/odata/Submissions/$count',
  'GET /forms/{formId}/odata/Submissions/{formSubmissionId}',
  'GET /forms/{formId}/indexedFields',
])

/** What everybody may call, and why nobody could hold credentials there. */
const withoutCredentials = new Set([
  'GET /forms/{formId}/options', // what a page must know before anybody signs in
  'GET /pages/{name}', // terms of use and their like
  'GET /rbac/idps', // which ways to sign in there are
  'POST /set-up', // the first account
  'POST /invitations/accept', // the link is the credential
  'POST /invitations/look-up', // the same
  'POST /app/api/auth/sign-in/email',
  'POST /app/api/auth/sign-up/email',
  'POST /app/api/auth/sign-out',
  'GET /app/api/auth/get-session', // whether anybody is signed in
  'GET /app/api/auth/options', // which ways to sign in there are
  'GET /app/api/auth/oidc/start', // the provider finds out who it is
])

type Described = { name: string; operationId: string; ways: string[] }
let operations: Described[]
let document: OpenApiDocument
beforeAll(async () => {
  document = JSON.parse(await generateDocument())
  operations = operationsOf(document).map(({ method, path, operation }) => ({
    name: `${method} ${path.replace('/app/api/v1', '')}`,
    operationId: operation.operationId,
    ways: operation.security.flatMap((each) => Object.keys(each)),
  }))
})

it('marks exactly the operations that take a key with BasicAuth', () => {
  const marked = operations.filter(({ ways }) => ways.includes('BasicAuth')).map(({ name }) => name)
  const expected = operations.filter(({ name }) => withKey.has(name) || oursWithKey.has(name)).map(({ name }) => name)
  expect(marked).toEqual(expected)
  expect(marked.length).toBeGreaterThan(20)
})

it('opens each operation to people too, or to everybody, and the latter on purpose', () => {
  const open = operations.filter(({ ways }) => ways.length === 0).map(({ name }) => name)
  expect(open.filter((name) => !withoutCredentials.has(name))).toEqual([])
  for (const { name, ways } of operations) {
    if (ways.length > 0) expect(ways, name).toContain('SessionCookie')
  }
})

it('keeps keys away from keys, people and teams', () => {
  for (const { name, ways } of operations) {
    if (/apiKey|\/rbac\/|\/users|\/auth\/|\/invitations/.test(name)) expect(ways, name).not.toContain('BasicAuth')
  }
})

it('lists the operations that take a key in one place, for programs and for readers', () => {
  const withBasicAuth = operations.filter(({ ways }) => ways.includes('BasicAuth'))
  expect(document).toMatchObject({ 'x-basic-auth-operations': withBasicAuth.map(({ operationId }) => operationId) })
  for (const { method, path, operation } of operationsOf(document)) {
    const listed = document.info.description?.includes(
      `| ${operation.summary} | \`${method} ${path.replace('/app/api/v1', '')}\` |`,
    )
    expect(listed, operation.operationId).toBe(operation.security.some((each) => 'BasicAuth' in each))
  }
})
