/** A key as its calls are counted: a regenerated one starts afresh. */
export type CountedKey = {
  form_id: string
  id: number
  generation: number
  /** The key's own limit, which narrows the form's. */
  rate_limit: number | null
  /** What the owner of the server has set for the form, while that holds. */
  raised_limit: number | null
}

/** How many calls a key has in one window. */
export function limitOfKey(limits: { configured: number; raised: number | null; own: number | null }): number {
  const ofForm = limits.raised ?? limits.configured
  return Math.min(limits.own ?? ofForm, ofForm)
}
