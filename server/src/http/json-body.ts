import { problems } from '../problem.ts'

/** PostgreSQL's jsonb and our own code recurse over a value; nothing that people make comes near this. */
const depthMax = 128

/** What is wrong, and where: the path's parts from the inside out. */
type Fault = { reason: string; parts: string[] }

/**
 * Refuses, with the path of the first offender: nesting below 128 levels, NUL characters and lone surrogates (PostgreSQL's
 * jsonb has neither), numbers that JSON.parse made infinite.
 * @throws Problem 422 `unstorable_value`
 */
export function assertStorable(body: unknown): void {
  const fault = faultIn(body, 0)
  if (fault) throw problems.unstorable(pathOf(fault.parts), fault.reason)
}

/**
 * Bodies may hold 15 million values, so nothing is made for a value that is well: a path per value took 2 GB and half a
 * minute. The recursion ends at the depth that it refuses.
 */
function faultIn(value: unknown, depth: number): Fault | undefined {
  if (typeof value === 'string') return faultInText(value)
  if (typeof value === 'number') {
    return Number.isFinite(value) ? undefined : { reason: 'holds a number that is too large.', parts: [] }
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (depth >= depthMax) return { reason: `is nested deeper than ${depthMax} levels.`, parts: [] }
  return Array.isArray(value) ? faultInItems(value, depth) : faultInMembers(value, depth)
}

function faultInItems(items: unknown[], depth: number): Fault | undefined {
  for (let index = 0; index < items.length; index++) {
    const fault = faultIn(items[index], depth + 1)
    if (fault) return within(`[${index}]`, fault)
  }
  return undefined
}

function faultInMembers(members: object, depth: number): Fault | undefined {
  // JSON.parse makes nothing but plain objects.
  const values = members as Record<string, unknown>
  for (const name of Object.keys(values)) {
    const inName = faultInText(name)
    if (inName) return inName
    const fault = faultIn(values[name], depth + 1)
    if (fault) return within(`.${name}`, fault)
  }
  return undefined
}

function faultInText(text: string): Fault | undefined {
  if (text.includes('\u0000')) return { reason: 'holds a NUL character, which cannot be stored.', parts: [] }
  if (!text.isWellFormed()) return { reason: 'holds half of a surrogate pair, which is no text.', parts: [] }
  return undefined
}

function within(part: string, { reason, parts }: Fault): Fault {
  return { reason, parts: [...parts, part] }
}

/** Names can be as long as a body, and the reply repeats them. */
function pathOf(parts: string[]): string {
  const path = parts.reverse().join('')
  return path.replace(/^\./, '').slice(0, 200)
}
