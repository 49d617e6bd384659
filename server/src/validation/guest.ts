import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { getQuickJS, type QuickJSContext, type QuickJSHandle } from 'quickjs-emscripten'
import { logicDates, logicLodash, prelude } from './sandbox-prelude.ts'

const memoryBytes = 24 * 1024 * 1024
const stackBytes = 256 * 1024
/** The libraries load once per guest, in some 60 ms under load: not the author's time. */
const loadMs = 500

const require = createRequire(import.meta.url)
const quickjs = await getQuickJS()

const libraries = {
  jsonLogic: () => sourceOf('json-logic-js'),
  moment: () => sourceOf('moment/min/moment.min.js'),
  lodash: () => sourceOf('lodash/lodash.min.js'),
  logicDates: () => logicDates,
  logicLodash: () => logicLodash,
}
export type Library = keyof typeof libraries

const sources = new Map<string, string>()

function sourceOf(file: string): string {
  const source = sources.get(file) ?? readFileSync(require.resolve(file), 'utf8')
  sources.set(file, source)
  return source
}

/** A QuickJS runtime with the prelude in it: a world of its own without anything of Node. */
export type Guest = {
  load(library: Library): void
  /** Calls a function of the prelude within a time limit. Texts go in, a text comes out. */
  call(method: string, texts: string[], limitMs?: number): string
  end(): void
}

export function startGuest(): Guest {
  const runtime = quickjs.newRuntime()
  runtime.setMemoryLimit(memoryBytes)
  runtime.setMaxStackSize(stackBytes)
  let deadline = performance.now() + loadMs
  runtime.setInterruptHandler(() => performance.now() > deadline)
  const context = runtime.newContext()
  const api = context.unwrapResult(context.evalCode(prelude))
  const loaded = new Set<Library>()

  function load(library: Library): void {
    if (loaded.has(library)) return
    deadline = performance.now() + loadMs
    context.unwrapResult(context.evalCode(libraries[library]())).dispose()
    loaded.add(library)
  }

  function call(method: string, texts: string[], limitMs = loadMs): string {
    const handles = [context.getProp(api, method), ...texts.map((text) => context.newString(text))]
    deadline = performance.now() + limitMs
    try {
      return outcomeOf(context, api, handles)
    } finally {
      for (const handle of handles) handle.dispose()
    }
  }

  // Disposing a runtime whose memory ran out may complain about leaks; it is gone either way.
  const end = (): void => {
    for (const part of [api, context, runtime])
      try {
        part.dispose()
      } catch {}
  }
  return { load, call, end }
}

function outcomeOf(context: QuickJSContext, api: QuickJSHandle, [method, ...texts]: QuickJSHandle[]): string {
  if (!method) return ''
  const result = context.callFunction(method, api, ...texts)
  if (result.error) throw thrownIn(context, result.error)
  const text = context.typeof(result.value) === 'string' ? context.getString(result.value) : ''
  result.value.dispose()
  return text
}

/** What an author's script threw; `unsound` when it ran out of time, memory or stack. */
export class GuestError extends Error {
  readonly unsound: boolean
  constructor(name: string, message: string) {
    super(message)
    this.name = name
    this.unsound = name === 'InternalError'
  }
}

function thrownIn(context: QuickJSContext, handle: QuickJSHandle): GuestError {
  try {
    const thrown: unknown = context.dump(handle)
    const { name, message } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Record<string, unknown> // whatever was thrown
    return new GuestError(
      typeof name === 'string' ? name.slice(0, 50) : 'Error',
      typeof message === 'string' ? message.slice(0, 200) : '',
    )
  } finally {
    handle.dispose()
  }
}
