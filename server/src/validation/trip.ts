import type { Verdict } from './verdict.ts'

/**
 * How thoroughly answers are checked: `quick` is everything within a small budget, and gives up early; `full` has
 * the whole budget; `plain` leaves the author's expressions and patterns out.
 */
export type Mode = 'quick' | 'full' | 'plain'

/** What a worker is asked. The definition comes along once per worker and version. */
export type Job = {
  version: string
  schema: string | undefined
  forget: string[]
  answers: string[]
  mode: Mode
  draft: boolean
}

/**
 * What it answers: verdicts for the first of the answers, whether the next one needs the full budget, and the kind of
 * error that our own code ran into.
 */
export type Reply = { verdicts: Verdict[]; needsFull: boolean; failure: string | undefined }

/** Everything one caller asked at once: it may take several jobs. */
export type Trip = {
  version: string
  schema: string
  answers: (string | undefined)[]
  draft: boolean
  /** The definition holds nothing that its author could make slow. */
  harmless: boolean
  /** So large that reading it alone takes a while. */
  heavy: boolean
  verdicts: Verdict[]
  mode: Mode
  slowMs: number
  lost: number
  since: number
  resolve(verdicts: Verdict[]): void
  reject(error: Error): void
}

const maxAnswers = 64
const maxCharacters = 1_000_000
const heavyCharacters = 200_000

export const isHeavy = (answers: (string | undefined)[]): boolean =>
  answers.some((text) => (text?.length ?? 0) > heavyCharacters)

/** The next few answers of a trip; after a worker was lost one by one, so that only the culprit goes unchecked. */
export function nextAnswers(trip: Trip): string[] {
  const batch: string[] = []
  let characters = 0
  for (const answer of trip.answers.slice(
    trip.verdicts.length,
    trip.verdicts.length + (trip.lost > 0 ? 1 : maxAnswers),
  )) {
    if (batch.length > 0 && characters + (answer?.length ?? 0) > maxCharacters) break
    characters += answer?.length ?? 0
    batch.push(answer ?? '{}')
  }
  return batch
}

const authored =
  /"(?:custom|customConditional|pattern|javascript|inputMask|mask)":\s*"[^"]|"(?:json|schemaDefinition)":\s*(?:\{|"[^"])|\\u/

/** A definition without scripts, patterns and masks; an escaped character could hide one. */
export const isHarmless = (schema: string): boolean => !authored.test(schema)

export const isDone = (trip: Trip): boolean => trip.verdicts.length >= trip.answers.length

/** What is said of an answer that could not be checked at all. */
export const unchecked = (reason: string): Verdict => ({ kind: 'valid', skipped: [{ path: '', rule: 'all', reason }] })
