/** A bound for what runs at the same time for one form, in this process. */
export type Places = {
  /** @returns what to call when it is over; undefined when all places are taken */
  enter(formId: string): (() => void) | undefined
}

/** More would only share what the database and one thread can do. */
export const exportsAtOnce = 10

export function placesPerForm(max: number): Places {
  const taken = new Map<string, number>()
  return {
    enter(formId) {
      const count = taken.get(formId) ?? 0
      if (count >= max) return undefined
      taken.set(formId, count + 1)
      let left = false
      return () => {
        if (left) return
        left = true
        const now = (taken.get(formId) ?? 1) - 1
        if (now === 0) taken.delete(formId)
        else taken.set(formId, now)
      }
    },
  }
}
