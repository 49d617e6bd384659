import { openPool, type PoolOptions } from './pool.ts'
import { isHarmless, isHeavy, type Trip } from './trip.ts'
import type { Verdict } from './verdict.ts'

export type { FieldError, SkippedRule, Verdict } from './verdict.ts'

/** A published version: its id names its definition for ever, so the definition travels to a worker once. */
export type Version = { id: string; schema: string | object }

export type Validator = {
  /**
   * One verdict for each submission's answers, in order. The answers are only read; drafts are checked for the types
   * of their answers alone. Never rejects because of a definition or an answer, only once the validator is closed.
   */
  validate(version: Version, answers: Record<string, unknown>[], options?: { draft?: boolean }): Promise<Verdict[]>
  /** Starts the workers, which takes most of a second, before the first submission has to wait for them. */
  warmUp(): void
  close(): Promise<void>
}

/**
 * Checks submissions against form.io definitions in worker threads. A rule that the server cannot evaluate never
 * refuses a submission; it is recorded as skipped: what needs a database (`unique`), another server (choices from a URL,
 * captcha) or the browser (`instance`, `utils`, `window`, templates within scripts), what fails or exceeds its budget of
 * 50 ms per expression and 250 ms per submission, and the type of components we do not know. Calculated values are not
 * calculated again: what was sent is what is stored.
 */
export function createValidator(options: PoolOptions): Validator {
  const pool = openPool(options)
  return {
    validate(version, answers, { draft = false } = {}) {
      if (answers.length === 0) return Promise.resolve([])
      return new Promise((resolve, reject) => pool.add(tripOf(version, answers, draft, resolve, reject)))
    },
    warmUp: () => pool.warmUp(),
    close: () => pool.close(),
  }
}

function tripOf(
  { id, schema }: Version,
  answers: object[],
  draft: boolean,
  resolve: Trip['resolve'],
  reject: Trip['reject'],
): Trip {
  const text = typeof schema === 'string' ? schema : (textOf(schema) ?? '')
  const texts = answers.map(textOf)
  return {
    version: id,
    schema: text,
    harmless: isHarmless(text),
    heavy: isHeavy(texts),
    answers: texts,
    draft,
    verdicts: [],
    mode: 'quick',
    slowMs: 0,
    lost: 0,
    since: Date.now(),
    resolve,
    reject,
  }
}

/** Nothing for what no JSON can hold: nested too deep, or in a circle. */
function textOf(value: object): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}
