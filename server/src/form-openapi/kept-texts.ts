import { recentMap } from '../recent-map.ts'

/** Texts that cost something to make, kept under a key that names all they were made of. */
export type KeptTexts = { get(key: string, make: () => Promise<string>): Promise<string> }

/** Keeps the most recently used texts up to a number of characters; those who ask at once share one making. */
export function keepTexts(charactersMax: number): KeptTexts {
  const kept = recentMap<string, string>(charactersMax, (text) => text.length)
  const making = new Map<string, Promise<string>>()
  return {
    async get(key, make) {
      const known = kept.get(key)
      if (known !== undefined) return known
      const begun = making.get(key)
      if (begun) return begun
      const made = make().finally(() => making.delete(key))
      making.set(key, made)
      const text = await made
      if (text.length <= charactersMax) kept.set(key, text)
      return text
    },
  }
}
