import { clientRules, evaluationRules } from '@formio/core'
import { FieldError as LibraryError } from '@formio/core/error'
import { isBlank, isList } from './answers.ts'
import { scopeOf } from './conditions.ts'
import type { Expressions, Outcome } from './expressions.ts'
import type { Field } from './field.ts'
import { labelOf, messageOf } from './messages.ts'
import { type Path, type Place, showPath } from './place.ts'
import type { Findings } from './verdict.ts'

/** What is checked: an answer, the place around it, and its path. */
export type Subject = { field: Field; value: unknown; path: Path; here: Place }
type Checker = { expressions: Expressions; findings: Findings }

/**
 * The library's rules by name. Left out: those that run an author's code or pattern, which we do in the sandbox, and
 * `multiple` and `number`, which our own type check covers.
 */
const onBlank = ['validateRequired', 'validateRequiredDay']
const ours = [
  'validateRegexPattern',
  'validateCustom',
  'validateJson',
  'validateMultiple',
  'validateNumber',
  'validateValueProperty',
]
const libraryRules = [...clientRules, ...evaluationRules].filter((rule) => !ours.includes(rule.name))
const blankRules = libraryRules.filter((rule) => onBlank.includes(rule.name))

/** A longer address makes the library's expression backtrack for seconds. */
const maxUrlLength = 128
const maxLongUrlLength = 10_000

/** Checks every rule of a field against its answer, item by item where it takes several. */
export function checkRules(checker: Checker, subject: Subject): void {
  const { field, value, path } = subject
  noteSkipped(checker, subject)
  refuseRowCount(checker, subject)
  if (!isList(field) || !Array.isArray(value) || value.length === 0) {
    checkOne(checker, subject)
    return
  }
  for (const [index, item] of value.entries()) {
    if (checker.findings.isFull) return
    checkOne(checker, { ...subject, value: item, path: [...path, index] })
  }
}

function checkOne(checker: Checker, subject: Subject): void {
  const error =
    libraryError(checker, subject) ??
    longUrlError(subject) ??
    patternError(checker, subject) ??
    logicError(checker, subject) ??
    scriptError(checker, subject)
  if (error)
    checker.findings.refuse(showPath(subject.path), subject.field.component.key, messageOf(error, subject.field))
}

/** The library counts characters and words, not rows. As with those, an empty answer is the business of `required`. */
function refuseRowCount({ findings }: Checker, { field, value, path }: Subject): void {
  if (field.nature !== 'rows' || !Array.isArray(value) || value.length === 0) return
  const { minLength, maxLength } = field.component.validate
  const [fewest, most] = [Number(minLength ?? 0), Number(maxLength ?? Number.POSITIVE_INFINITY)]
  const complaint =
    value.length < fewest
      ? `needs at least ${rows(fewest)}.`
      : value.length > most
        ? `may have ${rows(most)} at most.`
        : undefined
  if (complaint) findings.refuse(showPath(path), field.component.key, `${labelOf(field)} ${complaint}`)
}

const rows = (count: number) => `${count} ${count === 1 ? 'row' : 'rows'}`

function contextOf({ field, value, path, here }: Subject) {
  const { component } = field
  return { component, value, path: showPath(path), data: here.data, row: here.row, scope: {}, field: labelOf(field) }
}

/** The first rule of the library that an answer breaks. */
function libraryError({ findings }: Checker, subject: Subject): LibraryError | undefined {
  const { field, value } = subject
  const context = contextOf(subject)
  for (const rule of isBlank(value) ? blankRules : libraryRules) {
    if (isBeyond(rule.name, subject)) continue
    try {
      // The library asks for a whole processor's context; its rules read what contextOf gives.
      const error = rule.shouldProcess?.(context as never) ? rule.processSync?.(context as never) : null
      if (error) return error as LibraryError // what every rule returns, though the types allow a promise
    } catch {
      findings.skip(field.path, rule.name, 'the library cannot apply it to this answer')
    }
  }
  return undefined
}

function isBeyond(rule: string, { field, value }: Subject): boolean {
  if (rule === 'validateUrl') return typeof value === 'string' && value.length > maxUrlLength
  return rule === 'validateAvailableItems' && !hasOwnChoices(field)
}

/** A long address by the platform's parser: the library's expression would try it in too many ways. */
function longUrlError(subject: Subject): LibraryError | undefined {
  const { field, value } = subject
  if (field.component.type !== 'url' || typeof value !== 'string' || value.length <= maxUrlLength) return undefined
  const good =
    !/\s/.test(value) && (/^(https?|ftp):\/\//i.test(value) ? URL.canParse(value) : URL.canParse(`https://${value}`))
  return good && value.length <= maxLongUrlLength
    ? undefined
    : new LibraryError('invalid_url', contextOf(subject) as never, 'url') // as in libraryError
}

/** The choices of a select, a radio or select boxes that came with the definition. */
const hasOwnChoices = ({ component }: Field): boolean =>
  ['values', 'json', undefined, ''].includes(component.dataSrc as string | undefined) // compared only

function patternError(checker: Checker, subject: Subject): LibraryError | undefined {
  const { pattern, patternMessage } = subject.field.component.validate
  const { value } = subject
  if (typeof pattern !== 'string' || typeof value !== 'string' || value === '') return undefined
  const matches = told(checker, subject, 'pattern', checker.expressions.matches(pattern, value))
  if (matches !== false) return undefined
  const context = { ...contextOf(subject), regex: pattern, pattern, setting: pattern }
  return new LibraryError(typeof patternMessage === 'string' ? patternMessage : 'pattern', context as never, 'pattern') // as in libraryError
}

function logicError(checker: Checker, subject: Subject): LibraryError | undefined {
  const { json } = subject.field.component.validate
  if (typeof json !== 'object' || json === null) return undefined
  const { field, here, value } = subject
  return refusal(
    subject,
    told(checker, subject, 'json', checker.expressions.jsonLogic(json, scopeOf(field, here, value))),
    'jsonLogic',
  )
}

function scriptError(checker: Checker, subject: Subject): LibraryError | undefined {
  const { custom } = subject.field.component.validate
  if (typeof custom !== 'string' || custom.trim() === '') return undefined
  const { field, here, value } = subject
  return refusal(
    subject,
    told(checker, subject, 'custom', checker.expressions.script(custom, 'valid', scopeOf(field, here, value))),
    'custom',
  )
}

/** Only a clear true, or nothing at all, is valid; a text is the author's message. */
function refusal(subject: Subject, result: unknown, rule: string): LibraryError | undefined {
  if (result === true || result === null || result === undefined) return undefined
  const message = typeof result === 'string' && result !== '' ? result : rule
  return new LibraryError(message, contextOf(subject) as never, rule) // as in libraryError
}

function told({ findings }: Checker, { field }: Subject, rule: string, outcome: Outcome): unknown {
  if (outcome.kind === 'value') return outcome.value
  findings.skip(field.path, rule, outcome.reason)
  return undefined
}

/** Rules that ask a database or another server: none of ours to check here. */
function noteSkipped({ findings }: Checker, { field, value }: Subject): void {
  const { component, path } = field
  const { type, validate } = component
  if (field.expected === undefined) findings.skip(path, 'type', 'the type of the component is not known')
  if (isBlank(value)) return
  if (component.unique) findings.skip(path, 'unique', 'it needs a search through all submissions')
  if (type === 'captcha' || type === 'recaptcha') findings.skip(path, 'captcha', 'it needs another server')
  if (validate.remote) findings.skip(path, 'remote', 'it needs another server')
  const asks = (validate.onlyAvailableItems || validate.select) && !hasOwnChoices(field)
  if (asks) findings.skip(path, 'onlyAvailableItems', 'the choices come from another server or a script')
}
