/** Texts that cost something to make, kept under a key that names all they were made of. */
export type KeptTexts = { get(key: string, make: () => Promise<string>): Promise<string> }

/** Keeps the most recently used texts up to a number of characters; those who ask at once share one making. */
export function keepTexts(charactersMax: number): KeptTexts {
  const kept = new Map<string, string>()
  const making = new Map<string, Promise<string>>()
  let characters = 0

  function keep(key: string, text: string): void {
    kept.set(key, text)
    characters += text.length
    for (const [oldest, { length }] of kept) {
      if (characters <= charactersMax) break
      kept.delete(oldest)
      characters -= length
    }
  }

  return {
    async get(key, make) {
      const known = kept.get(key)
      if (known !== undefined) {
        kept.delete(key)
        kept.set(key, known)
        return known
      }
      const begun = making.get(key)
      if (begun) return begun
      const made = make().finally(() => making.delete(key))
      making.set(key, made)
      const text = await made
      if (!kept.has(key)) keep(key, text)
      return text
    },
  }
}
