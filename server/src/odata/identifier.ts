/** Longest name before a number is added; OData takes 128 characters (CSDL 4.0 §17.2), and sets have a prefix. */
const lengthMax = 100

/**
 * An OData identifier (CSDL 4.0 §17.2) made of any text: whatever no name may hold becomes `_`. Characters that nobody
 * sees, and those beyond the 16 bits that some readers take, count among them.
 */
export function identifierOf(text: string): string {
  const allowed = text.normalize('NFC').replace(/[^\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}]|[\u{10000}-\u{10ffff}]/gu, '_')
  const begun = /^[\p{L}\p{Nl}_]/u.test(allowed) ? allowed : `_${allowed}`
  return begun.slice(0, lengthMax)
}

/**
 * Gives names that nobody has taken yet, whatever their case: many a reader takes `Name` and `name` for one column.
 * @returns a name, or the name with `_2`, `_3` … behind it
 */
export function namer(reserved: readonly string[]): (wanted: string) => string {
  const taken = new Set(reserved.map(folded))
  const counts = new Map<string, number>()
  return (wanted) => {
    const base = identifierOf(wanted)
    let name = base
    for (let count = counts.get(folded(base)) ?? 2; taken.has(folded(name)); count += 1) {
      name = `${base}_${count}`
      counts.set(folded(base), count + 1)
    }
    taken.add(folded(name))
    return name
  }
}

function folded(name: string): string {
  return name.toLowerCase()
}
