/**
 * Every error that leaves the server, as RFC 9457 problem details. Clients rely on `code`, so a code never changes.
 */
import { listed, reached } from './problem-texts.ts'
import type { FieldForm, Quota } from './rate-limit/fields.ts'

export type FieldProblem = { path: string; message: string; key?: string; index?: number }

export class Problem extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly errors: FieldProblem[] | undefined
  readonly headers: Record<string, string>
  /** The limit that was reached. */
  readonly quota: Quota | undefined
  /** Further members of the body (RFC 9457, 3.2). */
  readonly members: Record<string, unknown>

  constructor(
    status: number,
    code: string,
    title: string,
    detail: string,
    more: {
      errors?: FieldProblem[]
      headers?: Record<string, string>
      quota?: Quota
      members?: Record<string, unknown>
    } = {},
  ) {
    // A refusal is an answer, and nobody reads its stack; to take it costs as much as the rest of the refusal's making.
    const { stackTraceLimit } = Error
    if (status < 500) Error.stackTraceLimit = 0
    super(detail)
    Error.stackTraceLimit = stackTraceLimit
    this.status = status
    this.code = code
    this.title = title
    this.errors = more.errors
    this.headers = more.headers ?? {}
    this.quota = more.quota
    this.members = more.members ?? {}
  }
}

const quotaExceeded = 'https://iana.org/assignments/http-problem-types#quota-exceeded'

/**
 * The `application/problem+json` body of a problem (RFC 9457 §3).
 * @param form of the header fields that go with it: draft 10 brings a problem type of its own
 */
export function problemBody(problem: Problem, form: FieldForm = 'draft-7') {
  const { quota } = problem
  const ofDraft10 = quota && form === 'draft-10'
  return {
    type: ofDraft10 ? quotaExceeded : `urn:formgate:problem:${problem.code}`,
    title: problem.title,
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    ...(problem.errors ? { errors: problem.errors } : {}),
    ...problem.members,
    ...(ofDraft10 ? { 'violated-policies': [quota.policy] } : {}),
  }
}

/** The catalogue: one entry for each way a request can end badly. */
export const problems = {
  badRequest: (detail: string) => new Problem(400, 'bad_request', 'Bad request', detail),
  malformedUrl: () =>
    new Problem(400, 'malformed_url', 'Malformed address', 'The address holds broken percent-encoding or a NUL byte.'),
  malformedJson: (detail: string) => new Problem(400, 'malformed_json', 'Malformed JSON', detail),
  invalidId: (name: string, rule = 'must be a UUID') =>
    new Problem(400, 'invalid_id', 'Invalid id', `Bad ${name}: it ${rule}.`),
  invalidQuery: (errors: FieldProblem[]) =>
    new Problem(400, 'invalid_query', 'Invalid query', listed('The query has a mistake', errors), { errors }),
  invalidHeaders: (errors: FieldProblem[]) =>
    new Problem(400, 'invalid_headers', 'Invalid headers', listed('A header has a mistake', errors), { errors }),
  invalidBody: (errors: FieldProblem[], status = 422) =>
    new Problem(status, 'invalid_body', 'Invalid body', listed('The body has a mistake', errors), { errors }),
  unstorable: (path: string, reason: string) =>
    new Problem(422, 'unstorable_value', 'Value cannot be stored', `${path || 'The body'} ${reason}`, {
      errors: [{ path, message: reason }],
    }),
  invalidSubmission: (errors: FieldProblem[]) =>
    new Problem(422, 'invalid_submission', 'Answers do not fit the form', listed('Nothing was stored', errors), {
      errors,
    }),
  unauthorized: (
    headers: Record<string, string> = {},
    detail = 'The credentials are missing or wrong. Programs: user name = form ID, password = API key. People: sign in.',
  ) => new Problem(401, 'unauthorized', 'Not authorized', detail, { headers }),
  forbidden: (detail: string) => new Problem(403, 'forbidden', 'Not allowed', detail),
  wrongPassword: () =>
    new Problem(
      401,
      'wrong_password',
      'Not signed in',
      'The e-mail address or the password is wrong. Nothing was changed.',
    ),
  signUpClosed: (detail: string) => new Problem(403, 'sign_up_closed', 'Sign-up is closed', detail),
  deadLink: (detail: string) => new Problem(403, 'dead_link', 'The link does not work any more', detail),
  formClosed: (detail: string) => new Problem(403, 'form_closed', 'The form takes no submissions', detail),
  filesApiAccessOff: () =>
    new Problem(
      403,
      'files_api_access_off',
      'The key may not access files',
      'This API key may not do this with submitted files. The form’s owner can allow it under Form settings → API Key.',
    ),
  insufficientScope: (scope: string) =>
    new Problem(
      403,
      'insufficient_scope',
      'The key may not do this',
      `This operation takes an API key with the scope ${scope}, which this key does not have. The form’s owner can give it one under Form settings → API Key.`,
    ),
  addressNotAllowed: (address: string) =>
    new Problem(
      403,
      'address_not_allowed',
      'The key is not used from here',
      `This API key may be used from certain addresses only, and ${address} is none of them.`,
    ),
  crossSite: () =>
    new Problem(
      403,
      'cross_site',
      'Cross-site request refused',
      'A page of another site may not change anything here.',
    ),
  notFound: (what: string) => new Problem(404, 'not_found', 'Not found', `There is no such ${what}.`),
  routeNotFound: (method: string, path: string) =>
    new Problem(
      404,
      'route_not_found',
      'No such operation',
      `${method} ${path} is no operation. See /app/api/v1/docs.`,
    ),
  methodNotAllowed: (method: string, allow: string[]) =>
    new Problem(
      405,
      'method_not_allowed',
      'Method not allowed',
      `${method} is not offered here; ${allow.join(', ')} is.`,
      {
        headers: { Allow: allow.join(', ') },
      },
    ),
  /** @param errors the member of the body that collides with what is there, where it is one */
  conflict: (detail: string, errors?: FieldProblem[]) =>
    new Problem(409, 'conflict', 'Conflict', detail, errors ? { errors } : {}),
  changedMeanwhile: () =>
    new Problem(
      412,
      'changed_meanwhile',
      'Changed meanwhile',
      'Somebody else changed it since the version that If-Match names. Nothing was stored.',
    ),
  tooManyColumns: (max: number) =>
    new Problem(
      400,
      'too_many_columns',
      'Too many columns',
      `The file would have more than ${max} columns, as with one line for each submission when its grids have many rows. Ask for another template or format, or for fewer fields or submissions.`,
    ),
  tooManyExports: () =>
    new Problem(
      429,
      'too_many_exports',
      'Too many exports',
      'Too many exports of this form are being made at the same time. Wait for one to end.',
      { headers: { 'Retry-After': '10' } },
    ),
  exportExpired: () =>
    new Problem(
      410,
      'export_expired',
      'The export is not kept any more',
      'Exports can be fetched and taken up for a day. Ask for a new one.',
    ),
  exportNotReady: (status: string) =>
    new Problem(409, 'export_not_ready', 'There is no file', `The export is ${status}: it has no file.`),
  /** @param resumeAt the byte from which on it can be taken up */
  exportPieceChanged: (resumeAt: number) =>
    new Problem(
      416,
      'export_piece_changed',
      'The export cannot be taken up there',
      `What is there beyond byte ${resumeAt} cannot be made again. Drop it, and ask for the bytes from ${resumeAt} on.`,
      { members: { resumeAt } },
    ),
  rangeNotSatisfiable: (size: number) =>
    new Problem(416, 'range_not_satisfiable', 'There are no such bytes', `The export has ${size} bytes.`, {
      headers: { 'Content-Range': `bytes */${size}` },
    }),
  queryTooSlow: (detail: string) => new Problem(400, 'query_too_slow', 'The query is too slow', detail),
  /** @param fields those by which a list was filtered without an index */
  filterNeedsIndex: (fields: string[]) =>
    new Problem(
      422,
      'filter_needs_index',
      'The filter needs an index',
      `Without an index on ${fields.join(', ')} it takes too long to look through this form’s submissions. The form’s owner can have the field indexed under Form settings → Data. Or narrow the list with createdAt, or ask for an export.`,
      { errors: fields.map((field) => ({ path: `filter[${field}]`, message: 'is not indexed' })) },
    ),
  listTooSlow: (seconds: number) =>
    new Problem(
      422,
      'list_too_slow',
      'The list takes too long',
      `This search or order has to look at too many submissions: it was given up after ${seconds} s. Narrow it with createdAt, version or status, leave the order to the list, or ask for an export.`,
    ),
  tooManyWaiting: () =>
    new Problem(
      429,
      'too_many_waiting',
      'Too many are waiting',
      'Too many calls wait for changes of this form, or of this server, at the same time. Ask without waiting, or later.',
      { headers: { 'Retry-After': '10' } },
    ),
  cursorExpired: () =>
    new Problem(
      410,
      'cursor_expired',
      'The cursor is too old',
      'Changes are kept for 90 days, and the feed begins anew when the server is restored from a backup. Ask with after=now, then export the form once, then go on from the cursor that you got.',
    ),
  statusNotAllowed: (detail: string) =>
    new Problem(409, 'status_not_allowed', 'The submission cannot get this status', detail),
  bodyTooLarge: (limitBytes: number) =>
    new Problem(413, 'body_too_large', 'Body too large', `The body may have at most ${limitBytes / 1024 / 1024} MB.`, {
      headers: { Connection: 'close' },
    }),
  fileTooLarge: (limitBytes: number) =>
    new Problem(413, 'file_too_large', 'File too large', `A file may have at most ${limitBytes / 1024 / 1024} MB.`, {
      // The rest of the body stays unread.
      headers: { Connection: 'close' },
    }),
  requestTimeout: () =>
    new Problem(408, 'request_timeout', 'Request timeout', 'The request did not arrive completely in time.'),
  headersTooLarge: () =>
    new Problem(431, 'headers_too_large', 'Headers too large', 'The header fields are larger than 16 KB.'),
  unsupportedMediaType: (expected = 'application/json') =>
    new Problem(415, 'unsupported_media_type', 'Unsupported media type', `Send the body as ${expected}.`),
  fileTypeRefused: (extension: string) =>
    new Problem(
      415,
      'file_type_refused',
      'Files of this type are not taken',
      `Files that end in .${extension} can harm whoever opens them, so they are not taken here.`,
    ),
  idempotencyKeyReused: () =>
    new Problem(
      422,
      'idempotency_key_reused',
      'Idempotency-Key was used before',
      'This Idempotency-Key came with another body within the last 24 hours. Use a new key for a new submission.',
    ),
  rateLimited: (quota: Quota) =>
    new Problem(
      429,
      'rate_limited',
      'Too many requests',
      `${reached[quota.policy]} Try again in ${quota.resetSeconds} s.`,
      { headers: { 'Retry-After': String(quota.resetSeconds) }, quota },
    ),
  tooManyUploads: (max: number, retryAfterSeconds: number) =>
    new Problem(
      429,
      'too_many_uploads',
      'Too many files are waiting',
      `${max} files of yours wait for this form to be submitted. Submit it, delete some, or come back later.`,
      { headers: { 'Retry-After': String(retryAfterSeconds) } },
    ),
  fileContentMissing: () =>
    new Problem(
      500,
      'file_content_missing',
      'The file’s content is missing',
      'The file is known, but its content is not in the storage. Whoever runs this server can bring it back from a backup.',
    ),
  internal: () =>
    new Problem(
      500,
      'internal',
      'Internal error',
      'The server made a mistake, which is in its log. Look whether the change was made before you repeat it.',
    ),
  unavailable: (why = 'The server cannot reach its database.') =>
    new Problem(503, 'unavailable', 'Not available', `${why} Try again in a few seconds.`, {
      headers: { 'Retry-After': '5' },
    }),
}
