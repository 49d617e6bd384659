import { createHash } from 'node:crypto'
import { Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import pg from 'pg'
import type { Tables } from './tables.ts'

export type Db = Kysely<Tables>

/** Runs one hot statement by its name; PostgreSQL then plans it once per connection. */
export type RunStatement = <Row>(statement: Statement, values: unknown[]) => Promise<Row[]>
export type Statement = { name: string; text: string }

export type Database = {
  url: string
  db: Db
  pool: pg.Pool
  run: RunStatement
  close(): Promise<void>
}

const { INT8, TIMESTAMPTZ } = pg.types.builtins

const types: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    // Counts stay far below 2^53, and a number is what the API promises.
    if (oid === INT8) return Number
    if (oid === TIMESTAMPTZ && format !== 'binary') return readTime
    return pg.types.getTypeParser(oid, format)
  },
}

const readAnyTime: (text: string) => unknown = pg.types.getTypeParser(TIMESTAMPTZ)

/** Most times come in UTC and with four digits for the year: JavaScript reads those itself, several times as fast. */
function readTime(text: string): unknown {
  if (text[4] !== '-' || !text.endsWith('+00')) return readAnyTime(text)
  return new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`)
}

type DatabaseOptions = {
  /** How the server names the connections to whoever looks. */
  applicationName?: string
  /** After so long a statement is given up, with the code 57014. */
  statementMs?: number
  /** So long a statement waits for a connection. */
  waitMs?: number
}

/**
 * Opens a pool of connections.
 * @param url a `postgres://` address
 * @param poolSize connections at most
 */
export function openDatabase(url: string, poolSize = 10, options: DatabaseOptions = {}): Database {
  const { applicationName = 'formgate', statementMs, waitMs } = options
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    types,
    application_name: applicationName,
    ...(waitMs === undefined ? {} : { connectionTimeoutMillis: waitMs }),
    ...(statementMs === undefined ? {} : { onConnect: limitingStatements(statementMs) }),
  })
  // An idle connection that breaks (a restarted server) is replaced by the pool; unhandled it would end the process.
  pool.on('error', () => {})
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: preparing(pool) }) })
  return {
    url,
    db,
    pool,
    run: async (statement, values) => (await pool.query({ ...statement, values })).rows,
    close: () => db.destroy(),
  }
}

/** Not among the start parameters, which poolers between us and the server refuse. */
function limitingStatements(timeoutMs: number) {
  return async (client: pg.ClientBase) => void (await client.query(`set statement_timeout = ${timeoutMs}`))
}

/** A few connections of their own for statements that must not wait for the app's. */
export type Statements = { run: RunStatement; close(): Promise<void> }

type StatementsOptions = {
  poolSize: number
  /** How the server names the connections to whoever looks. */
  applicationName: string
  /** After so long a connection that does not answer is cut, and the server gives up what it was asked. */
  timeoutMs: number
}

/** Opens connections when they are needed, to run named statements alone. */
export function openStatements(url: string, { poolSize, applicationName, timeoutMs }: StatementsOptions): Statements {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    types,
    application_name: applicationName,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    keepAlive: true,
    onConnect: limitingStatements(timeoutMs),
  })
  pool.on('error', () => {})
  return {
    run: async (statement, values) => (await pool.query({ ...statement, values })).rows,
    close: () => pool.end(),
  }
}

/** A pool whose connections prepare each distinct statement of Kysely's under a name. */
function preparing(pool: pg.Pool): PostgresPool {
  return {
    // pg types a result's command as any string, Kysely as one of six.
    connect: async () =>
      preparingClient(await pool.connect()) as unknown as Awaited<ReturnType<PostgresPool['connect']>>,
    end: () => pool.end(),
    options: pool.options,
  }
}

/** Filters make many texts; past this many the rest runs unnamed, so that no server keeps plans without end. */
const namedTextsMax = 500
const names = new Map<string, string>()

function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined || names.size >= namedTextsMax) return known
  const name = createHash('sha1').update(text).digest('base64url')
  names.set(text, name)
  return name
}

function preparingClient(client: pg.PoolClient) {
  return {
    query: (text: string, values: readonly unknown[]) => {
      const name = nameOf(text)
      return client.query({ text, values: [...values], ...(name === undefined ? {} : { name }) })
    },
    release: (destroy?: boolean) => client.release(destroy),
  }
}
