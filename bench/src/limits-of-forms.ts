import type pg from 'pg'

/** Sets the limit of a form's keys, as the owner of the server may. */
export async function setLimit(client: pg.Client, formId: string, limit: number): Promise<void> {
  await client.query(
    `update form set raised_limit = $2, raised_limit_until = now() + interval '1 hour', raised_limit_reason = 'A measurement',
      raised_limit_by = 'bench' where id = $1`,
    [formId, limit],
  )
}
