import { problems } from '../problem.ts'

/** What an entity shows of itself, and of the grids in it. Without names, all its properties. */
export type Selection = { select: string[] | undefined; expand: ExpandItem[] }
export type ExpandItem = Selection & { name: string }

const depthMax = 10
const itemsMax = 200

type Reading = { text: string; at: number; items: number }

/**
 * Reads a `$select` (OData 4.0 URL conventions §5.1.3).
 * @returns undefined for all properties
 */
export function parseSelect(text: string): string[] | undefined {
  const names = text.split(',').map((name) => name.trim())
  if (names.includes('')) throw mistake('$select', 'must name properties, with commas between them')
  return names.includes('*') ? undefined : [...new Set(names)]
}

/** Reads an `$expand` (§5.1.2) with `$select` and `$expand` in its brackets. @throws Problem 400 */
export function parseExpand(text: string): ExpandItem[] {
  const reading = { text, at: 0, items: 0 }
  const items = itemsIn(reading, 1)
  if (reading.at < text.length) throw unreadable(reading)
  return items
}

function itemsIn(reading: Reading, depth: number): ExpandItem[] {
  if (depth > depthMax) throw mistake('$expand', `is nested deeper than ${depthMax} levels`)
  const items: ExpandItem[] = []
  do {
    const name = taken(reading, /\s*([^\s,;()]+)\s*/uy)
    if (name === undefined || reading.items >= itemsMax) throw unreadable(reading)
    reading.items += 1
    if (items.some((each) => each.name === name)) throw mistake('$expand', `names ${name} twice`)
    items.push({ name, ...optionsIn(reading, depth) })
  } while (taken(reading, /(,)/y))
  return items
}

function optionsIn(reading: Reading, depth: number): Selection {
  const found: Selection = { select: undefined, expand: [] }
  if (!taken(reading, /(\()/y)) return found
  do {
    const option = taken(reading, /\s*(\$?[\w$]+)\s*=/y)
    if (option === '$select') found.select = parseSelect(taken(reading, /([^;()]+)/y) ?? '')
    else if (option === '$expand') found.expand = itemsIn(reading, depth + 1)
    else throw mistake('$expand', `takes $select and $expand in its brackets, not ${option ?? 'this'}`)
  } while (taken(reading, /(;)/y))
  if (!taken(reading, /(\)\s*)/y)) throw unreadable(reading)
  return found
}

function taken(reading: Reading, pattern: RegExp): string | undefined {
  pattern.lastIndex = reading.at
  const match = pattern.exec(reading.text)
  if (match) reading.at = pattern.lastIndex
  return match?.[1]
}

function unreadable({ text, at }: Reading): Error {
  return mistake('$expand', `cannot be read at character ${at + 1}: ${JSON.stringify(text.slice(at, at + 20))}`)
}

function mistake(path: string, message: string): Error {
  return problems.invalidQuery([{ path, message }])
}
