import { authorOf, type Caller } from '../access/caller.ts'
import { recordAudit } from '../audit/audit.queries.ts'
import type { Db } from '../db/database.ts'
import { problems } from '../problem.ts'
import { lockForm } from '../versions/versions.queries.ts'
import { type MemberRow, membersOf, personExists, replaceRoles } from './team.queries.ts'
import { decideRoles } from './team.ts'

type User = Extract<Caller, { kind: 'user' }>
export type WantedChange = { userId: string; roles: readonly string[] }

/**
 * Changes the roles of one or more people on a form: all changes or none. The form's row is locked first, and the caller's
 * own roles are read after that: of two owners who remove each other at once, the second finds that it is none any more.
 */
export function changeRoles(db: Db, formId: string, caller: User, changes: readonly WantedChange[]): Promise<void> {
  return db.transaction().execute(async (transaction) => {
    await lockForm(transaction, formId)
    for (const change of changes) {
      const members = await membersOf(transaction, formId)
      if (isChange(members, change)) await changeOne(transaction, formId, caller, change, members)
    }
  })
}

async function changeOne(db: Db, formId: string, caller: User, { userId, roles }: WantedChange, members: MemberRow[]) {
  assertAllowed(caller, { userId, roles }, members)
  if (!(await personExists(db, userId))) throw problems.notFound('person')
  await replaceRoles(db, { formId, userId, roles, author: authorOf(caller) })
  const details = { userId, before: rolesOf(members, userId), after: [...roles].sort() }
  await recordAudit(db, 'team.roles', caller, formId, details)
}

function assertAllowed(caller: User, { userId, roles: wanted }: WantedChange, members: MemberRow[]): void {
  const self = members.find(({ id }) => id === caller.id)
  if (!self?.permissions.includes('team_update')) throw problems.forbidden('You may not change this team any more.')
  const decision = decideRoles({
    actor: self,
    target: { id: userId, roles: rolesOf(members, userId) },
    wanted,
    ownerIds: members.filter(({ roles }) => roles.includes('owner')).map(({ id }) => id),
  })
  if (decision.kind === 'forbidden') throw problems.forbidden(decision.reason)
  if (decision.kind === 'last owner')
    throw problems.badRequest('A form needs an owner. Make somebody else an owner first.')
}

function isChange(members: MemberRow[], { userId, roles }: WantedChange): boolean {
  const present = rolesOf(members, userId)
  return present.length !== roles.length || roles.some((role) => !present.includes(role))
}

function rolesOf(members: MemberRow[], userId: string): string[] {
  return members.find(({ id }) => id === userId)?.roles ?? []
}
