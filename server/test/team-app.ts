import type { LightMyRequestResponse } from 'fastify'
import { openPeopleApp, owner, type PeopleApp } from './people-app.ts'

export type TeamApp = PeopleApp & {
  /** Ids by first name; `ann` owns the form and the rest have no role yet. */
  ids: Record<string, string>
  cookies: Record<string, string>
  formId: string
  put(as: string, userId: string, roles: string[], path?: string): Promise<LightMyRequestResponse>
  remove(as: string, userIds: string[]): Promise<LightMyRequestResponse>
  get(as: string, url: string): Promise<LightMyRequestResponse>
  rolesOf(userId: string): Promise<string[]>
  /** Puts somebody into the team, past all rules. */
  give(userId: string, ...roles: string[]): Promise<void>
}

const names = ['ann', 'bea', 'mia', 'sam'] as const

/** A form that ann owns, and three others with accounts. */
export async function openTeamApp(): Promise<TeamApp> {
  const people = await openPeopleApp()
  const { db } = people.database
  await people.firstAccount.makeAdmin(owner)
  const cookies: Record<string, string> = { ada: await people.signIn(owner.email), '': '' }
  const ids: Record<string, string> = {}
  for (const name of names) {
    ids[name] = await people.addPerson(`${name} Doe`, `${name}@example.org`)
    cookies[name] = await people.signIn(`${name}@example.org`)
  }
  const formId = await people.addForm(ids.ann ?? '', 'owner')

  const call = (as: string, method: 'GET' | 'PUT' | 'DELETE', url: string, payload?: object) =>
    people.app.inject({
      method,
      url: `/app/api/v1${url}`,
      headers: cookies[as] ? { cookie: cookies[as] } : {},
      ...(payload ? { payload } : {}),
    })

  return {
    ...people,
    ids,
    cookies,
    formId,
    put: (as, userId, roles, path = '/rbac/users') =>
      call(
        as,
        'PUT',
        `${path}?formId=${formId}&userId=${userId}`,
        roles.map((role) => ({ formId, userId, role })),
      ),
    remove: (as, userIds) => call(as, 'DELETE', `/rbac/users?formId=${formId}`, userIds),
    get: (as, url) => call(as, 'GET', url),
    async rolesOf(userId) {
      const rows = await db
        .selectFrom('form_role_user')
        .select('role')
        .where('form_id', '=', formId)
        .where('user_id', '=', userId)
        .orderBy('role')
        .execute()
      return rows.map(({ role }) => role)
    },
    async give(userId, ...roles) {
      await db.deleteFrom('form_role_user').where('form_id', '=', formId).where('user_id', '=', userId).execute()
      for (const role of roles) {
        const row = { form_id: formId, user_id: userId, role, created_by: 'test' }
        await db.insertInto('form_role_user').values(row).execute()
      }
    },
  }
}
