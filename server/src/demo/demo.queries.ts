import type { Db } from '../db/database.ts'

const settingName = 'demo_form'

/** The demo form of this database, unless its owner deleted it. */
export async function findDemo(db: Db): Promise<{ formId: string; versionId: string } | undefined> {
  const row = await db
    .selectFrom('server_setting as setting')
    .innerJoin('form_version as version', (join) =>
      join.onRef('setting.value', '=', (eb) => eb.cast('version.id', 'text')),
    )
    .innerJoin('form', 'form.id', 'version.form_id')
    .select(['version.id', 'version.form_id'])
    .where('setting.name', '=', settingName)
    .where('form.active', '=', true)
    .executeTakeFirst()
  return row && { formId: row.form_id, versionId: row.id }
}

export async function keepDemo(db: Db, versionId: string): Promise<void> {
  await db
    .insertInto('server_setting')
    .values({ name: settingName, value: versionId })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: versionId }))
    .execute()
}

/** Whoever made the first account. */
export function findServerOwner(db: Db): Promise<{ id: string; email: string } | undefined> {
  return db.selectFrom('app_user').select(['id', 'email']).where('server_owner', '=', true).executeTakeFirst()
}
