import type { RunStatement, Statement } from '../db/database.ts'

/** What decides whether a form takes submissions. */
export type FormState = { settings: Record<string, unknown>; published: boolean }

const findFormStateStatement: Statement = {
  name: 'find-form-state',
  text: `select settings, exists (select from form_version where form_id = $1 and published) as published
    from form where id = $1 and active`,
}

export async function findFormState(run: RunStatement, formId: string): Promise<FormState | undefined> {
  const [row] = await run<FormState>(findFormStateStatement, [formId])
  return row
}
