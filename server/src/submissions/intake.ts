import { type Access, authorOf, type Caller, concernsTest, userIdOf } from '../access/caller.ts'
import { submissionTokenText } from '../access/submitter.ts'
import type { Clock } from '../clock.ts'
import type { RunStatement } from '../db/database.ts'
import { type Schedule, scheduleState } from '../forms/schedule.ts'
import { withMember } from '../http/json-text.ts'
import { type FieldProblem, problems } from '../problem.ts'
import type { Validator } from '../validation/validator.ts'
import type { DefinitionOfVersion, Definitions } from '../versions/definitions.ts'
import { type FormState, findFormState } from './intake.queries.ts'
import { type SubmissionRow, submissionText } from './submission.ts'

export type IntakeDeps = { run: RunStatement; definitions: Definitions; validator: Validator; clock: Clock }
export type Target = { formId: string; versionId: string; draft: boolean }
/** A version that takes submissions now. */
export type OpenVersion = { definition: DefinitionOfVersion; late: boolean; form: FormState }

/**
 * Finds the version and asks whether it takes submissions: any version that was ever published does, while the form is
 * active and has one published version, so that nobody who has the form open loses work when a new version comes out.
 * @throws Problem 404, 403 `form_closed`, 403 `forbidden`
 */
export async function openVersion(deps: IntakeDeps, target: Target, access: Access): Promise<OpenVersion> {
  const [form, definition] = await Promise.all([
    findFormState(deps.run, target.formId),
    deps.definitions.find(target.formId, target.versionId),
  ])
  if (!definition || !form) throw problems.notFound('version')
  if (!form.published) throw problems.formClosed('No version of this form is published.')
  if (target.draft) assertDraftAllowed(form, access)
  return { definition, form, late: assertOpen(form, deps.clock()) }
}

/** Drafts of people who merely fill in the form need a person to belong to, and the form's permission. */
function assertDraftAllowed(form: FormState, { caller, permissions }: Access): void {
  if (caller.kind === 'apiKey' || permissions.has('submission_update')) return
  if (caller.kind === 'anonymous') throw problems.forbidden('Sign in to save a draft.')
  if (form.settings.enableSubmitterDraft !== true) throw problems.forbidden('This form keeps no drafts.')
}

/** @returns whether the submission comes late, which the form allows */
export function assertOpen(form: FormState, now: number): boolean {
  const state = scheduleState((form.settings.schedule ?? {}) as Schedule, now)
  if (state.kind === 'closed') throw problems.formClosed(state.message)
  if (state.kind === 'notYet') throw problems.formClosed(`The form opens at ${state.opensAt.toISOString()}.`)
  return state.kind === 'late'
}

/**
 * Checks answers against their version's definition.
 * @param numbered whether errors name the item they belong to
 * @throws Problem 422 `invalid_submission` with a list of `{path, key, message}`
 */
export async function assertAnswers(
  deps: IntakeDeps,
  target: Target,
  definition: DefinitionOfVersion,
  answers: Record<string, unknown>[],
  numbered: boolean,
): Promise<void> {
  const version = { id: target.versionId, schema: definition.text }
  const verdicts = await deps.validator.validate(version, answers, { draft: target.draft })
  const errors: FieldProblem[] = verdicts.flatMap((verdict, index) =>
    verdict.kind === 'valid' ? [] : verdict.errors.map((error) => (numbered ? { index, ...error } : error)),
  )
  if (errors.length > 0) throw problems.invalidSubmission(errors)
}

/** Who writes, as rows name them. */
export function writerOf(caller: Caller): { author: string; userId: string | null; test: boolean } {
  return { author: authorOf(caller), userId: userIdOf(caller), test: concernsTest(caller) }
}

/** A stored submission's reply; whoever did not sign in gets a token to read it again, unless it is public anyway. */
export function createdText(
  row: SubmissionRow,
  caller: Caller,
  form: FormState,
  sign: (text: string) => string,
): string {
  const text = submissionText(row)
  const needsToken = caller.kind === 'anonymous' && !row.draft && form.settings.enableSubmissionUrlSharing !== true
  return needsToken ? withMember(text, '_accessToken', JSON.stringify(sign(submissionTokenText(row.id)))) : text
}
