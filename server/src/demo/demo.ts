import { randomBytes } from 'node:crypto'
import { findDefaultKey, putDefaultKey } from '../api-keys/api-keys.queries.ts'
import { newSecret } from '../api-keys/changing-keys.ts'
import type { Db } from '../db/database.ts'
import { insertForm } from '../forms/forms.queries.ts'
import { newId } from '../http/ids.ts'
import type { FirstAccount } from '../people/first-account.ts'
import { sealingWith } from '../sealing.ts'
import { insertSubmissions } from '../submissions/submission-writes.queries.ts'
import { insertPublishedVersion } from '../versions/versions.queries.ts'
import { findDemo, findServerOwner, keepDemo } from './demo.queries.ts'
import { demoAnswers, demoForm } from './demo-form.ts'

export type DemoDeps = { db: Db; secretKey: string; firstAccount: FirstAccount }
type Owner = { id: string; email: string }

const submissionCount = 200
const demoEmail = 'demo@example.org'

/**
 * Makes the demo form with its submissions and its key, once.
 * @returns what to say on the console, once it is known where the server listens
 */
export async function loadDemo(deps: DemoDeps): Promise<(address: string) => string[]> {
  const { owner, lines } = await ownerOfDemo(deps)
  const made = (await findDemo(deps.db)) ?? (await makeDemo(deps, owner))
  const secret = await secretOf(deps, made.formId, owner)
  return (address) => [...lines, ...curlLines(`${address}/app/api/v1/forms/${made.formId}`, made, secret)]
}

/** The server's owner; where there is none yet, an account whose password is shown once. */
async function ownerOfDemo({ db, firstAccount }: DemoDeps): Promise<{ owner: Owner; lines: string[] }> {
  const known = await findServerOwner(db)
  if (known) return { owner: known, lines: [] }
  const password = randomBytes(9).toString('base64url')
  await firstAccount.makeAdmin({ email: demoEmail, password })
  const owner = await findServerOwner(db)
  if (!owner) throw new Error('The demo account was not made.')
  return { owner, lines: [`The demo’s account: ${demoEmail}, password ${password}`] }
}

function makeDemo({ db }: DemoDeps, owner: Owner): Promise<{ formId: string; versionId: string }> {
  return db.transaction().execute(async (tx) => {
    const formId = newId()
    const { name, description, schema } = demoForm
    const values = { name, description, labels: ['demo'], identity_providers: ['public'], settings: '{}' }
    await insertForm(tx, formId, values, { name: owner.email, userId: owner.id })
    const { id: versionId } = await insertPublishedVersion(tx, newId(), formId, JSON.stringify(schema), owner.email)
    const items = Array.from({ length: submissionCount }, (_, number) => ({
      id: newId(),
      submission: JSON.stringify({ data: demoAnswers(number), state: 'submitted' }),
    }))
    await insertSubmissions(tx, {
      formId,
      versionId,
      draft: false,
      late: false,
      author: 'public',
      userId: null,
      test: false,
      items,
    })
    await keepDemo(tx, versionId)
    return { formId, versionId }
  })
}

/** The key that the form has, so that lines pasted yesterday go on working; else a new one. */
async function secretOf({ db, secretKey }: DemoDeps, formId: string, owner: Owner): Promise<string> {
  const sealing = sealingWith(secretKey, randomBytes)
  const key = await findDefaultKey(db, formId)
  if (key) return sealing.open(key.secret_sealed, formId)
  const { secret, stored } = newSecret({ sealing, random: randomBytes }, formId, false)
  await db.transaction().execute((tx) => putDefaultKey(tx, formId, stored, owner.email))
  return secret
}

function curlLines(
  form: string,
  { formId, versionId }: { formId: string; versionId: string },
  secret: string,
): string[] {
  const curl = `curl -u ${formId}:${secret}`
  const body = JSON.stringify({ submission: { data: demoAnswers(submissionCount) } }).replaceAll("'", "'\\''")
  return [
    '',
    `The demo form “${demoForm.name}” has ${submissionCount} submissions. Paste a line into another terminal:`,
    '',
    '# Read: the five newest submissions, with two answers each',
    `${curl} '${form}/submissions?fields=organisation,amount&paginationEnabled=true&itemsPerPage=5'`,
    '',
    '# Submit',
    `${curl} -H 'content-type: application/json' -d '${body}' ${form}/versions/${versionId}/submissions`,
    '',
    '# Export',
    `${curl} '${form}/export?format=csv'`,
    '',
  ]
}
