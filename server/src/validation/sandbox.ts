import { type Expressions, failed, type Outcome, type Scope } from './expressions.ts'
import { type Guest, GuestError, type Library, startGuest } from './guest.ts'

/** A result is a truth value or a message; more is not worth bringing out. */
const maxResultLength = 10_000

export type Budget = { expressionMs: number; submissionMs: number }

/** One form's sandbox: its scripts share a guest with each other, never with another form's. */
export type Sandbox = Expressions & {
  /** Starts on the next submission: new data, new budget. */
  open(answers: string, budget: Budget): void
  /** True once an expression had no time left since `open`. */
  timedOut(): boolean
  /** Gives the guest's memory back; the next expression starts another. */
  rest(): void
}

export function sandboxFor(schema: string): Sandbox {
  let guest: Guest | undefined
  let answers = '{}'
  let knows = { answers: false, schema: false }
  let budget: Budget = { expressionMs: 0, submissionMs: 0 }
  let spentMs = 0
  let overran = false
  /** Expressions that timed out in this submission are not tried again, row after row. */
  const givenUp = new Set<string>()

  function awake(): Guest {
    guest ??= startGuest()
    return guest
  }

  function rest(): void {
    guest?.end()
    guest = undefined
    knows = { answers: false, schema: false }
  }

  function prepare(needs: Library[], code: string): void {
    const { load, call } = awake()
    for (const library of needs) load(library)
    if (!knows.answers) call('load', [answers])
    if (!knows.schema && /\bform\b/.test(code)) {
      call('schema', [schema])
      knows.schema = true
    }
    knows.answers = true
  }

  function run(id: string, ready: () => void, method: string, texts: string[]): Outcome {
    if (givenUp.has(id)) return failed('it took too long')
    const leftMs = Math.min(budget.expressionMs, budget.submissionMs - spentMs)
    if (leftMs <= 0) overran = true
    if (leftMs <= 0) return failed('the expressions of this form took too long')
    let begun = 0
    try {
      ready()
      begun = performance.now()
      return resultOf(awake().call(method, texts, leftMs))
    } catch (error) {
      const late = begun > 0 && performance.now() - begun >= leftMs
      if (late) giveUp(id)
      // The state of a guest that ran out of time, memory or stack is unknown; the next expression gets a new one.
      if (late || !(error instanceof GuestError) || error.unsound) rest()
      return failed(late ? 'it took too long' : reasonOf(error))
    } finally {
      if (begun > 0) spentMs += performance.now() - begun
    }
  }

  function giveUp(id: string): void {
    overran = true
    givenUp.add(id)
  }

  return {
    script(code, result, scope) {
      if (code.includes('{{')) return failed('templates within scripts are not evaluated on the server')
      const id = `${result}:${code}`
      return run(id, () => prepare(scriptNeeds(code), code), 'script', [id, code, result, scopeText(code, scope)])
    },
    jsonLogic(logic, scope) {
      const code = JSON.stringify(logic)
      return run(code, () => prepare(logicNeeds(code), code), 'logic', [code, scopeText(code, scope)])
    },
    matches: (pattern, text) => run(`/${pattern}/`, awake, 'matches', [pattern, text]),
    open(next, allowed) {
      answers = next
      budget = allowed
      knows.answers = false
      spentMs = 0
      overran = false
      givenUp.clear()
    },
    timedOut: () => overran,
    rest,
  }
}

function scriptNeeds(code: string): Library[] {
  const needs: Library[] = []
  if (/\bmoment\b/.test(code)) needs.push('moment')
  if (/\b_\b/.test(code)) needs.push('lodash')
  return needs
}

/** The library adds to JSON logic dates, and lodash under names with an underscore. */
function logicNeeds(code: string): Library[] {
  const needs: Library[] = ['jsonLogic']
  if (/"(?:getDate|relative(?:Min|Max)Date)"/.test(code)) needs.push('moment', 'logicDates')
  if (/"_\w/.test(code)) needs.push('lodash', 'logicLodash')
  return needs
}

/** A component can be large, and most scripts never look at it. */
function scopeText(code: string, { rowPath, value, rowIndex, component }: Scope): string {
  return JSON.stringify({
    rowPath,
    value: value ?? null,
    rowIndex,
    ...(/\bcomponent\b/.test(code) ? { component } : {}),
  })
}

function resultOf(text: string): Outcome {
  if (text === '' || text.length > maxResultLength) return failed('it gave no usable result')
  return { kind: 'value', value: (JSON.parse(text) as { value: unknown }).value } // the prelude's own envelope
}

/** A script may throw an answer, so only the kind of error is told. */
function reasonOf(error: unknown): string {
  if (!(error instanceof GuestError)) return 'it failed'
  if (error.message === 'out of memory') return 'it used too much memory'
  if (error.name === 'ReferenceError') return 'it needs something that exists only in the browser'
  return `it failed (${/^\w*Error$/.test(error.name) ? error.name : 'Error'})`
}
