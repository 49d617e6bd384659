import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { Schedule } from '../forms/schedule.ts'

export type MemberRow = { id: string; email: string; name: string; roles: string[]; permissions: string[] }

export type TeamFormRow = {
  id: string
  name: string
  labels: string[]
  active: boolean
  identity_providers: string[]
  form_version_id: string | null
  version: number | null
  published: boolean | null
  version_updated_at: Date | null
}

/** A form in the list of those on which somebody has a role. */
export type ListedFormRow = TeamFormRow & {
  description: string | null
  schedule: Schedule | null
  created_at: Date
  updated_at: Date
  submission_count: number
  roles: string[]
  permissions: string[]
}

/** Everybody who has a role on a form, by name. */
export async function membersOf(db: Db, formId: string): Promise<MemberRow[]> {
  const { rows } = await sql<MemberRow>`
    select u.id, u.email, u.name, array_agg(distinct r.role order by r.role) as roles,
      array_agg(distinct p.permission order by p.permission) as permissions
    from form_role_user r
    join app_user u on u.id = r.user_id
    join role_permission p on p.role = r.role
    where r.form_id = ${formId}::uuid
    group by u.id
    order by u.name collate "und-x-icu", u.id`.execute(db)
  return rows
}

/** A form with its published version, or else its newest. */
const formColumns = sql`f.id, f.name, f.labels, f.active, f.identity_providers, v.id as form_version_id, v.version, v.published,
    v.updated_at as version_updated_at`
const versionOfForm = sql`left join lateral (
    select id, version, published, updated_at from form_version where form_id = f.id
    order by published desc, version desc limit 1) v on true`

export async function findTeamForm(db: Db, formId: string): Promise<TeamFormRow | undefined> {
  const { rows } = await sql<TeamFormRow>`
    select ${formColumns} from form f ${versionOfForm} where f.id = ${formId}::uuid`.execute(db)
  return rows[0]
}

/** The forms on which somebody has a role, by name. */
export async function formsOfPerson(
  db: Db,
  userId: string,
  { active, formId }: { active: boolean; formId: string | undefined },
): Promise<ListedFormRow[]> {
  const { rows } = await sql<ListedFormRow>`
    select ${formColumns}, m.roles, m.permissions, f.description, f.settings->'schedule' as schedule, f.created_at,
      f.updated_at, (
        select coalesce(sum(count), 0)::bigint from submission_count
        where form_id = f.id and not draft and not deleted and not test
      ) as submission_count
    from (
      select r.form_id, array_agg(distinct r.role order by r.role) as roles,
        array_agg(distinct p.permission order by p.permission) as permissions
      from form_role_user r join role_permission p on p.role = r.role
      where r.user_id = ${userId}::uuid
      group by r.form_id
    ) m
    join form f on f.id = m.form_id
    ${versionOfForm}
    where f.active = ${active} ${formId === undefined ? sql`` : sql`and f.id = ${formId}::uuid`}
    order by f.name collate "und-x-icu", f.id`.execute(db)
  return rows
}

/** Makes one person's roles on a form exactly these. */
export async function replaceRoles(
  db: Db,
  { formId, userId, roles, author }: { formId: string; userId: string; roles: readonly string[]; author: string },
): Promise<void> {
  const ofMember = db.deleteFrom('form_role_user').where('form_id', '=', formId).where('user_id', '=', userId)
  await (roles.length === 0 ? ofMember : ofMember.where('role', 'not in', roles)).execute()
  if (roles.length === 0) return
  await db
    .insertInto('form_role_user')
    .values(roles.map((role) => ({ form_id: formId, user_id: userId, role, created_by: author })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function personExists(db: Db, userId: string): Promise<boolean> {
  return (await db.selectFrom('app_user').select('id').where('id', '=', userId).executeTakeFirst()) !== undefined
}

export type PersonFilter = {
  search: string | undefined
  email: string | undefined
  name: readonly string[]
  id: string | undefined
}

/** Nobody picks from more; whoever does not see the one they look for types more of the name. */
const foundMax = 25

/** People whose name or address holds what was typed, in any case. */
export function findPeople(db: Db, { search, email, name, id }: PersonFilter) {
  let query = db.selectFrom('app_user').select(['id', 'email', 'name'])
  if (search !== undefined) {
    query = query.where((eb) => eb.or([contains('name', search), contains('email', search)]))
  }
  if (email !== undefined) query = query.where(contains('email', email))
  if (id !== undefined) query = query.where(sql<string>`id::text`, '=', id)
  for (const part of name) query = query.where(contains('name', part))
  return query.orderBy(sql`name collate "und-x-icu"`).orderBy('id').limit(foundMax).execute()
}

/** Not LIKE: what people type may hold its wildcards. */
function contains(column: 'name' | 'email', part: string) {
  return sql<boolean>`strpos(lower(${sql.ref(column)}), lower(${part})) > 0`
}

export type CodeRow = { code: string; display: string; description: string }

export async function rolesAndPermissions(db: Db) {
  const [roles, permissions, pairs] = await Promise.all([
    db.selectFrom('role').select(['code', 'display', 'description']).orderBy('code').execute(),
    db.selectFrom('permission').select(['code', 'display', 'description']).orderBy('code').execute(),
    db.selectFrom('role_permission').select(['role', 'permission']).execute(),
  ])
  return { roles, permissions, pairs }
}
