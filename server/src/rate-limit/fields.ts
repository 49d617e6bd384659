import type { Standing } from './rate-limit.ts'

/** What a limit is called where a caller may be under several of them. */
export type PolicyName = 'default' | 'failed-keys' | 'passwords' | 'links' | 'invitations'

/** Where a caller stands with one limit. */
export type Quota = Standing & { policy: PolicyName }

/** The drafts of draft-ietf-httpapi-ratelimit-headers whose fields we write. */
export const fieldForms = ['draft-7', 'draft-10'] as const
export type FieldForm = (typeof fieldForms)[number]

/** The two header fields, as structured fields (RFC 9651); names and values are those of the draft. */
export function rateLimitFields(
  form: FieldForm,
  { policy, limit, remaining, resetSeconds }: Quota,
): Record<string, string> {
  const windowSeconds = Math.ceil(limit.windowMs / 1000)
  if (form === 'draft-10') {
    return {
      'RateLimit-Policy': `"${policy}";q=${limit.max};w=${windowSeconds}`,
      RateLimit: `"${policy}";r=${remaining};t=${resetSeconds}`,
    }
  }
  return {
    'RateLimit-Policy': `${limit.max};w=${windowSeconds}`,
    RateLimit: `limit=${limit.max}, remaining=${remaining}, reset=${resetSeconds}`,
  }
}

/**
 * The form that a caller prefers (RFC 7240: `Prefer: ratelimit=draft-10`); undefined without such a preference or with
 * one that we do not know. The first one counts, as the RFC has it.
 */
export function preferredForm(prefer: string | string[] | undefined): FieldForm | undefined {
  if (prefer === undefined) return undefined
  for (const preference of [prefer].flat().join(',').split(',')) {
    const [, name = '', quoted, token] =
      /^\s*([\w-]+)\s*(?:=\s*(?:"([^"]*)"|([^\s;"]+)))?\s*(?:;.*)?$/.exec(preference) ?? []
    if (name.toLowerCase() === 'ratelimit') return fieldForms.find((form) => form === (quoted ?? token))
  }
  return undefined
}
