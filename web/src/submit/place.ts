/** What the page's address asks for. */
export type Place = {
  formId: string
  /** A draft to go on with. */
  draftId: string | undefined
  /** Another site shows the form: the visitor's session and this device's storage are left alone. */
  embedded: boolean
}

export function placeOf(search: string): Place {
  const query = new URLSearchParams(search)
  return {
    formId: query.get('f') ?? '',
    draftId: query.get('s') ?? undefined,
    embedded: query.get('embed') === '1',
  }
}

/** The address of this form, to begin afresh or, with a draft's id, to go on. */
export function addressOf({ formId, embedded }: Place, draftId?: string): string {
  const query = new URLSearchParams({
    f: formId,
    ...(draftId ? { s: draftId } : {}),
    ...(embedded ? { embed: '1' } : {}),
  })
  return `/app/form/submit?${query}`
}
