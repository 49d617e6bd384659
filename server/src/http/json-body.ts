import { problems } from '../problem.ts'

/** PostgreSQL's jsonb and our own code recurse over a value; nothing that people make comes near this. */
const depthMax = 128

type Step = { value: unknown; path: string; depth: number }

/**
 * Refuses, with the path of the first offender: nesting below 128 levels, NUL characters and lone surrogates (PostgreSQL's
 * jsonb has neither), numbers that JSON.parse made infinite.
 * @throws Problem 422 `unstorable_value`
 */
export function assertStorable(body: unknown): void {
  // A stack of our own: recursion would end in a RangeError at the depth that this refuses.
  const steps: Step[] = [{ value: body, path: '', depth: 0 }]
  for (let step = steps.pop(); step; step = steps.pop()) {
    const { value, path, depth } = step
    if (typeof value === 'string') assertText(value, path)
    else if (typeof value === 'number') assertNumber(value, path)
    else if (typeof value === 'object' && value !== null) pushMembers(steps, value, path, depth + 1)
  }
}

function pushMembers(steps: Step[], value: object, path: string, depth: number): void {
  if (depth > depthMax) throw problems.unstorable(path.slice(0, 200), `is nested deeper than ${depthMax} levels.`)
  const list = Array.isArray(value)
  for (const [name, member] of Object.entries(value)) {
    if (!list) assertText(name, path)
    if (member === null || typeof member === 'boolean') continue
    steps.push({ value: member, path: list ? `${path}[${name}]` : path ? `${path}.${name}` : name, depth })
  }
}

function assertText(text: string, path: string): void {
  if (text.includes('\u0000')) throw problems.unstorable(path, 'holds a NUL character, which cannot be stored.')
  if (!text.isWellFormed()) throw problems.unstorable(path, 'holds half of a surrogate pair, which is no text.')
}

function assertNumber(number: number, path: string): void {
  if (!Number.isFinite(number)) throw problems.unstorable(path, 'holds a number that is too large.')
}
