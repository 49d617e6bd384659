import { problemCodes } from './problem-codes.ts'

/** An operation that an API key opens. */
export type KeyOperation = { method: string; path: string; summary: string; scope: string }

/** The sections of the document, in the order in which they are read. */
export const tags = [
  { name: 'forms', 'x-displayName': 'Forms', description: 'A form, its settings and its statuses.' },
  {
    name: 'versions',
    'x-displayName': 'Versions',
    description: 'What was published. A version never changes; each submission belongs to one.',
  },
  {
    name: 'drafts',
    'x-displayName': 'Drafts',
    description: 'Form definitions in the making. Publishing a draft makes the next version.',
  },
  {
    name: 'submissions',
    'x-displayName': 'Submissions',
    description: 'What people filled in: store, list, read, change, delete and restore.',
  },
  {
    name: 'files',
    'x-displayName': 'Files',
    description: 'What people attach to a form. A file is its uploader’s until the form is submitted.',
  },
  { name: 'exports', 'x-displayName': 'Exports', description: 'All submissions of a form at once, as JSON or CSV.' },
  {
    name: 'changes',
    'x-displayName': 'Changes',
    description: 'What happened to submissions, in an order in which nothing is missed.',
  },
  {
    name: 'API key',
    'x-displayName': 'API key',
    description: 'The key that lets programs in. For people only: a key cannot make or show keys.',
  },
  { name: 'team', 'x-displayName': 'Team', description: 'Who has which role on a form.' },
  {
    name: 'pages',
    'x-displayName': 'Pages',
    description: 'Terms of use and their like, written by whoever runs the server.',
  },
  { name: 'people', 'x-displayName': 'People', description: 'Signing in and out, invitations, the first account.' },
]

/** The introduction of the document, in Markdown. */
export function introduction(keyOperations: KeyOperation[]): string {
  return `${opening}

## Operations that take an API key

${table(
  ['Operation', `Call, below ${code('/app/api/v1')}`, 'Scope'],
  keyOperations.map(({ summary, method, path, scope }) => [
    summary,
    code(`${method} ${path.replace('/app/api/v1', '')}`),
    code(scope),
  ]),
)}

All others refuse a key with 401. The document lists the ids of these operations in \`x-basic-auth-operations\`.

## Errors

Every error is \`application/problem+json\` (RFC 9457). Decide by \`code\`: codes never change, texts may.

${table(
  ['Code', 'Meaning'],
  problemCodes.map((each) => [`${code(each.code)} ${each.status}`, each.meaning]),
)}`
}

const opening = `Read and write a form's data from any program. Operations, parameters and fields follow version 1 of the API of
CHEFS (BC Government), so that a program written for it works by changing its base URL.

This document for programs: [api-spec.json](/app/api/v1/api-spec.json), [api-spec.yaml](/app/api/v1/api-spec.yaml).

## Authorization

HTTP Basic: the user name is the form's ID, the password is its API key, which the form's owner generates under
*Form settings → API key*. A key opens the data of its own form and of no other.

\`\`\`sh
curl --user "$FORM_ID:$API_KEY" \\
  "$SERVER/app/api/v1/forms/$FORM_ID/submissions"
\`\`\`

A form can have several keys, one for each program. What a key may do are its scopes; the key named *Default* has all but
\`form:delete\`, \`form:access\`, \`status:write\` and those for files, until its owner ticks them. A call beyond a key's scopes gets
403 \`insufficient_scope\`. A key that begins with \`fg_test_\` sees and makes test submissions, and nothing of the live ones.

An unknown form, a form without a key and a wrong key all get the same 401. People sign in instead and send the
session's cookie.

## Rate limit

A key may make 120 calls in 60 seconds, and people and respondents 500, unless whoever runs this server set other
figures. The window starts with its first call. Every reply says where you stand:

\`\`\`
RateLimit-Policy: 120;w=60
RateLimit: limit=120, remaining=119, reset=60
\`\`\`

Above the limit the answer is 429 with \`Retry-After\` in seconds. A call that fails by a mistake of ours (5xx) does not
count. Wrong credentials are counted apart, by address and form. However many containers serve, they count together.

The fields are those of draft-ietf-httpapi-ratelimit-headers-07. With \`Prefer: ratelimit=draft-10\` (RFC 7240) they
come in the form of draft 10, and a 429 has the problem type of that draft and names the limit:

\`\`\`
RateLimit-Policy: "default";q=120;w=60
RateLimit: "default";r=119;t=60
Preference-Applied: ratelimit=draft-10
\`\`\`

## Bodies

JSON in UTF-8, up to 30 MB with a key or a session and up to 2 MB without. Nothing in a body sets a row's id, form,
version, author or time stamps: such members are ignored. Times are ISO 8601 in UTC.`

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function code(text: string): string {
  return `\`${text}\``
}
