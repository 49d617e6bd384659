import { type App, addressOf, buildApp } from '../app.ts'
import { renewFeedOfOtherCluster } from '../changes/changes.queries.ts'
import type { Config } from '../config.ts'
import { openDatabase } from '../db/database.ts'
import { loadDemo } from '../demo/demo.ts'
import { StartError } from '../embedded-postgres/start-error.ts'
import { placeOfCounts } from '../rate-limit/counts.ts'
import { openDatabaseServer } from './database-server.ts'
import { drain } from './drain.ts'
import { checkSecretKey, readSecretKey } from './secret-key.ts'
import type { StopSignals } from './stop-signals.ts'

export type ServeOptions = {
  config: Config
  signals: StopSignals
  say: (line: string) => void
  onLost: () => void
  /** Whether to make the demo form and tell how to call it. */
  demo: boolean
}

const drainDeadlineMs = 30_000

/** Run Formgate until it is asked to stop, and then stop everything it started, in the opposite order. */
export async function serve(options: ServeOptions): Promise<void> {
  const { config, say, onLost } = options
  const server = await openDatabaseServer({ ...config, log: say, onLost })
  try {
    await serveOn(server.url, options)
  } finally {
    await server.stop()
  }
}

async function serveOn(url: string, { config, signals, say, demo }: ServeOptions): Promise<void> {
  const database = openDatabase(url, config.databasePoolSize)
  try {
    const secretKey = await readSecretKey(config)
    await checkSecretKey(database.db, secretKey)
    await renewFeedOfOtherCluster(database.db)
    const app = await buildApp({ config, database, secretKey })
    try {
      // Before anybody can call: with it, there is no moment at which the set-up link works.
      await makeAdmin(app, config, say)
      const { db } = database
      const paste = demo ? await loadDemo({ db, secretKey, firstAccount: app.firstAccount }) : undefined
      await listen(app, config)
      await welcome(app, config, say)
      paste?.(addressOf(app.server, config)).forEach(say)
      await signals.asked
      say('Stopping: finishing the requests that are under way.')
    } finally {
      await drain(app.server, signals.hurried, drainDeadlineMs)
    }
  } finally {
    await database.close()
  }
  say('Stopped.')
}

async function listen({ server }: App, { port, host }: Config): Promise<void> {
  try {
    await server.listen({ port, host })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE')
      throw new StartError(`Port ${port} is in use by another program. Set PORT to a free one.`)
    if (code === 'EACCES') throw new StartError(`Port ${port} is not open to this user. Set PORT to 1024 or more.`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new StartError(`HOST is ${host}, which is no address of this machine.`)
    }
    throw error
  }
}

async function makeAdmin({ firstAccount }: App, { admin }: Config, say: ServeOptions['say']): Promise<void> {
  if (admin !== undefined && (await firstAccount.makeAdmin(admin)) === 'made') {
    say(`The first account is ${admin.email}, with the password in ADMIN_PASSWORD.`)
  }
}

async function welcome({ server, firstAccount }: App, config: Config, say: ServeOptions['say']): Promise<void> {
  const address = addressOf(server, config)
  say(`Rate limits are counted in ${placeOfCounts[config.rateLimitStore.kind]}.`)
  say(`Formgate is ready: ${address}`)
  const token = await firstAccount.setUpToken()
  // After the #, the token stays out of every log on its way.
  if (token !== undefined) say(`Make the first account: ${address}/app/set-up#token=${token}`)
}
