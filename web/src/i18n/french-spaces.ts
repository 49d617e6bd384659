/**
 * French sets spaces inside quotation marks and before `; : ! ?`, at which a line must not break. In the files they are
 * ordinary ones, as translators type them.
 */
export function withFrenchSpaces<Texts>(texts: Texts): Texts {
  // What goes in comes out in the same shape, which the compiler cannot see.
  return replaced(texts) as Texts
}

function replaced(texts: unknown): unknown {
  if (typeof texts === 'string') return texts.replaceAll(/ (?=[;:!?»])|(?<=«) /g, '\u00a0')
  if (typeof texts !== 'object' || texts === null) return texts
  return Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, replaced(value)]))
}
