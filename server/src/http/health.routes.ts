import type { FastifyPluginAsync } from 'fastify'
import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { problems } from '../problem.ts'

/** `/healthz`: the process runs. `/readyz`: it can serve, its database answers. */
export function healthRoutes({ db }: { db: Db }): FastifyPluginAsync {
  return async (app) => {
    app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'up' }))
    app.get('/readyz', { schema: { hide: true } }, async () => {
      await sql`select 1`.execute(db).catch(() => {
        throw problems.unavailable()
      })
      return { status: 'ready' }
    })
  }
}
