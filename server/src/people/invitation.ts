import { createHash } from 'node:crypto'
import type { RandomBytes } from '../clock.ts'

/** Long enough for a holiday week, short enough that an old mail opens nothing. */
export const invitationLifeMs = 7 * 24 * 60 * 60 * 1000

export type InvitationState = 'open' | 'accepted' | 'withdrawn' | 'expired'
export type InvitationTimes = { expires_at: Date; accepted_at: Date | null; withdrawn_at: Date | null }

/** What has become of an invitation. */
export function invitationState(
  { expires_at, accepted_at, withdrawn_at }: InvitationTimes,
  now: number,
): InvitationState {
  if (accepted_at) return 'accepted'
  if (withdrawn_at) return 'withdrawn'
  return expires_at.getTime() > now ? 'open' : 'expired'
}

/** 256 random bits, so the database needs no slow hash of it. */
export function makeLinkToken(random: RandomBytes): string {
  return random(32).toString('base64url')
}

export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
