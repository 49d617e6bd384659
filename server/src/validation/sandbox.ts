import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import {
  getQuickJS,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSWASMModule,
} from 'quickjs-emscripten'
import { type Expressions, failed, type Outcome, type Scope } from './expressions.ts'
import { logicDates, logicLodash, prelude } from './sandbox-prelude.ts'

const memoryBytes = 24 * 1024 * 1024
const stackBytes = 256 * 1024
/** A result is a truth value or a message; more is not worth bringing out. */
const maxResultLength = 10_000
/** The libraries load once per sandbox, in some 60 ms under load: not the author's time. */
const loadMs = 500

export type Budget = { expressionMs: number; submissionMs: number }

const require = createRequire(import.meta.url)
const sources = new Map<string, string>()

function sourceOf(file: string): string {
  const known = sources.get(file)
  if (known !== undefined) return known
  const source = readFileSync(require.resolve(file), 'utf8')
  sources.set(file, source)
  return source
}

type Guest = { runtime: QuickJSRuntime; context: QuickJSContext; api: QuickJSHandle; loaded: Set<string> }

/** One form's sandbox: its scripts share a QuickJS runtime with each other, never with another form's. */
export type Sandbox = Expressions & {
  /** Starts on the next submission: new data, new budget. */
  open(answers: string, budget: Budget): void
  /** True once an expression had no time left since `open`. */
  timedOut(): boolean
  dispose(): void
}

export async function sandboxFor(schemaText: string): Promise<Sandbox> {
  return sandbox(await getQuickJS(), schemaText)
}

function sandbox(quickjs: QuickJSWASMModule, schemaText: string): Sandbox {
  let guest: Guest | undefined
  let answers = '{}'
  let dataLoaded = false
  let budget: Budget = { expressionMs: 0, submissionMs: 0 }
  let spentMs = 0
  let overran = false
  let deadline = 0
  /** Expressions that timed out in this submission are not tried again, row after row. */
  const givenUp = new Set<string>()

  function going(): Guest {
    guest ??= start()
    return guest
  }

  function start(): Guest {
    const runtime = quickjs.newRuntime()
    runtime.setMemoryLimit(memoryBytes)
    runtime.setMaxStackSize(stackBytes)
    runtime.setInterruptHandler(() => performance.now() > deadline)
    const context = runtime.newContext()
    deadline = performance.now() + loadMs
    return { runtime, context, api: context.unwrapResult(context.evalCode(prelude)), loaded: new Set() }
  }

  function stop(): void {
    const gone = guest
    guest = undefined
    dataLoaded = false
    // Disposing a runtime whose memory ran out may complain about leaks; it is gone either way.
    for (const part of gone ? [gone.api, gone.context, gone.runtime] : [])
      try {
        part.dispose()
      } catch {}
  }

  function call(method: string, ...texts: string[]): string {
    const { context, api } = going()
    const handles = texts.map((text) => context.newString(text))
    const fn = context.getProp(api, method)
    try {
      const result = context.callFunction(fn, api, ...handles)
      if (result.error) throw new Error(messageOf(context, result.error))
      const text = context.typeof(result.value) === 'string' ? context.getString(result.value) : ''
      result.value.dispose()
      return text
    } finally {
      for (const handle of [fn, ...handles]) handle.dispose()
    }
  }

  function load(name: string, source: () => string): void {
    const { context, loaded } = going()
    if (loaded.has(name)) return
    deadline = performance.now() + loadMs
    context.unwrapResult(context.evalCode(source())).dispose()
    loaded.add(name)
  }

  function prepare(code: string, isLogic: boolean): void {
    if (isLogic) load('jsonLogic', () => sourceOf('json-logic-js'))
    const wantsDates = isLogic && /Date"/.test(code)
    if (/\bmoment\b/.test(code) || wantsDates) load('moment', () => sourceOf('moment/min/moment.min.js'))
    if (wantsDates) load('logicDates', () => logicDates)
    const wantsLodash = isLogic ? /"_/.test(code) : /\b_\b/.test(code)
    if (wantsLodash) load('lodash', () => sourceOf('lodash/lodash.min.js'))
    if (isLogic && wantsLodash) load('logicLodash', () => logicLodash)
    if (!isLogic && /\bform\b/.test(code)) loadOnce('schema', schemaText)
    if (!dataLoaded) {
      deadline = performance.now() + loadMs
      call('load', answers)
      dataLoaded = true
    }
  }

  function loadOnce(method: string, text: string): void {
    const { loaded } = going()
    if (loaded.has(method)) return
    deadline = performance.now() + loadMs
    call(method, text)
    loaded.add(method)
  }

  function timed(id: string, ready: () => void, run: () => string): Outcome {
    if (givenUp.has(id)) return failed('it took too long')
    if (spentMs >= budget.submissionMs) {
      overran = true
      return failed('the expressions of this form took too long')
    }
    let begun = 0
    try {
      ready()
      begun = performance.now()
      deadline = begun + Math.min(budget.expressionMs, budget.submissionMs - spentMs)
      const text = run()
      if (text === '' || text.length > maxResultLength) return failed('it gave no usable result')
      return { kind: 'value', value: (JSON.parse(text) as { value: unknown }).value } // our prelude's own envelope
    } catch (error) {
      if (begun > 0 && performance.now() >= deadline) giveUp(id)
      // A guest that ran out of time, memory or stack is in an unknown state; the next expression gets a new one.
      if (!isOrdinary(error)) stop()
      return failed(givenUp.has(id) ? 'it took too long' : reasonOf(error))
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
      return timed(
        id,
        () => prepare(code, false),
        () => call('script', id, code, result, scopeText(code, scope)),
      )
    },
    jsonLogic(logic, scope) {
      const code = JSON.stringify(logic)
      return timed(
        code,
        () => prepare(code, true),
        () => call('logic', code, scopeText(code, scope)),
      )
    },
    matches: (pattern, text) =>
      timed(
        `/${pattern}/`,
        () => void going(),
        () => call('matches', pattern, text),
      ),
    open(next, allowed) {
      answers = next
      budget = allowed
      dataLoaded = false
      spentMs = 0
      overran = false
      givenUp.clear()
    },
    timedOut: () => overran,
    dispose: stop,
  }
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

function messageOf(context: QuickJSContext, handle: QuickJSHandle): string {
  const error: unknown = context.dump(handle)
  handle.dispose()
  const { name, message } = (typeof error === 'object' && error !== null ? error : {}) as {
    name?: unknown
    message?: unknown
  } // whatever was thrown
  return typeof message === 'string' ? `${String(name)}: ${message}`.slice(0, 200) : 'it threw'
}

/** What the author's code threw itself, as it would in a browser, leaves the guest sound. */
const isOrdinary = (error: unknown): boolean =>
  error instanceof Error && error.message !== '' && /^(?!InternalError)\w*Error: |^it threw$/.test(error.message)

/** Error messages of the sandbox may quote an answer (a script can throw one), so only their kind is told. */
function reasonOf(error: unknown): string {
  const kind = error instanceof Error ? /^(\w*Error)\b/.exec(error.message)?.[1] : undefined
  if (error instanceof Error && error.message.includes('out of memory')) return 'it used too much memory'
  return kind === 'ReferenceError'
    ? 'it needs something that exists only in the browser'
    : `it failed (${kind ?? 'Error'})`
}
