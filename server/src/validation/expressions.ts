/** Why an expression gave no result; the rule it stands for is skipped and recorded. */
export type Failure = { kind: 'failed'; reason: string }
export type Outcome = { kind: 'value'; value: unknown } | Failure

/** What an expression may look at, as JSON paths below the submission's data. */
export type Scope = {
  rowPath: (string | number)[]
  value: unknown
  rowIndex: number | undefined
  component: Record<string, unknown>
}

/** Runs what a definition's author wrote. The implementation is a sandbox; off, it answers that it is off. */
export type Expressions = {
  /** JavaScript that assigns `result`: `show` for conditions, `valid` for validations. */
  script(code: string, result: 'show' | 'valid' | 'result', scope: Scope): Outcome
  jsonLogic(logic: unknown, scope: Scope): Outcome
  matches(pattern: string, text: string): Outcome
}

export const failed = (reason: string): Failure => ({ kind: 'failed', reason })

/** For the second try after a worker had to be killed: types and plain rules are still checked. */
export const noExpressions: Expressions = {
  script: () => failed('it took too long before'),
  jsonLogic: () => failed('it took too long before'),
  matches: () => failed('it took too long before'),
}
