import type { FastifyReply } from 'fastify'
import { type FieldForm, preferredForm, type Quota, rateLimitFields } from '../rate-limit/fields.ts'
import { setHeaders } from './headers.ts'

/** In which form a caller reads of its limit: as it asks, or else as whoever runs the server has set. */
export function fieldFormFor({ request }: FastifyReply, preset: FieldForm): FieldForm {
  return preferredForm(request.headers.prefer) ?? preset
}

/** Writes where the caller stands into the reply's header fields. */
export function showQuota(reply: FastifyReply, quota: Quota, preset: FieldForm): void {
  const preferred = preferredForm(reply.request.headers.prefer)
  setHeaders(reply, rateLimitFields(preferred ?? preset, quota))
  if (preferred) setHeaders(reply, { 'Preference-Applied': `ratelimit=${preferred}`, Vary: 'Prefer' })
}
