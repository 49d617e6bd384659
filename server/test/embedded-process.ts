import { startEmbeddedPostgres } from '../src/embedded-postgres/embedded-postgres.ts'
import { StartError } from '../src/embedded-postgres/start-error.ts'

/** A process of its own around the embedded database, for tests that kill it: prints JSON lines, stops on SIGTERM. */
const say = (message: object) => console.log(JSON.stringify(message))

try {
  const dataDir = process.argv[2] ?? ''
  const { url, stop } = await startEmbeddedPostgres({ dataDir, log: (log) => say({ log }) })
  process.once('SIGTERM', stop)
  say({ url })
} catch (error) {
  if (!(error instanceof StartError)) throw error
  say({ refused: error.message })
}
