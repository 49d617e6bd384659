import type { FastifyReply } from 'fastify'

/** A bound for the requests that are open at the same time in this process, and for those of one form: nobody takes all from others. */
export type Places = {
  /** @returns how to leave the place; undefined when the form, or the process, has no more */
  enter(formId: string): (() => void) | undefined
}

export function placesFor({ ofForm, ofAll }: { ofForm: number; ofAll: number }): Places {
  const takenOf = new Map<string, number>()
  let taken = 0

  function leave(formId: string): void {
    taken -= 1
    const left = (takenOf.get(formId) ?? 0) - 1
    if (left > 0) takenOf.set(formId, left)
    else takenOf.delete(formId)
  }

  return {
    enter(formId) {
      const own = takenOf.get(formId) ?? 0
      if (own >= ofForm || taken >= ofAll) return undefined
      taken += 1
      takenOf.set(formId, own + 1)
      return () => leave(formId)
    },
  }
}

/** Keeps a place until the reply is over. @throws what `refusal` makes when there is none */
export function takePlace(
  places: Places,
  formId: string,
  { raw }: Pick<FastifyReply, 'raw'>,
  refusal: () => Error,
): void {
  const leave = places.enter(formId)
  if (!leave) throw refusal()
  raw.once('close', leave)
}
