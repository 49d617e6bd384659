/** What is wrong with one answer: `path` is where it lies below the submission's data, as in `children[0].age`. */
export type FieldError = { path: string; key: string; message: string }

/** A rule of the definition that was not checked, and why; the submission is not refused for it. */
export type SkippedRule = { path: string; rule: string; reason: string }

export type Verdict =
  | { kind: 'valid'; skipped: SkippedRule[] }
  | { kind: 'invalid'; errors: FieldError[]; skipped: SkippedRule[] }

/** Nobody mends more at once, and a reply must not grow with a hostile grid. */
const maxErrors = 500
const maxSkipped = 100

/** Gathers what the checks of one submission find. */
export class Findings {
  readonly errors: FieldError[] = []
  readonly skipped: SkippedRule[] = []
  readonly #known = new Set<string>()

  refuse(path: string, key: string, message: string): void {
    if (this.errors.length < maxErrors) this.errors.push({ path, key, message })
  }

  /** Once per field and rule, however many rows a grid has. */
  skip(path: string, rule: string, reason: string): void {
    const known = `${path} ${rule}`
    if (this.#known.has(known) || this.skipped.length >= maxSkipped) return
    this.#known.add(known)
    this.skipped.push({ path, rule, reason })
  }

  get isFull(): boolean {
    return this.errors.length >= maxErrors
  }

  verdict(): Verdict {
    const { errors, skipped } = this
    return errors.length === 0 ? { kind: 'valid', skipped } : { kind: 'invalid', errors, skipped }
  }
}
