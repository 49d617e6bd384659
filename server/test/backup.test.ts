import { randomBytes, randomUUID } from 'node:crypto'
import { appendFile, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeBackupFile } from '../src/backup/backup-file.ts'
import { restoreFromFile } from '../src/backup/restore-from-file.ts'
import { saveToFile } from '../src/backup/save-to-file.ts'
import { openDatabase } from '../src/db/database.ts'
import { type DatabaseServer, openDatabaseServer } from '../src/start/database-server.ts'
import { checkSecretKey, readSecretKey, secretKeyFile } from '../src/start/secret-key.ts'
import { createTestDatabase } from './database.ts'
import { makeFolder, query, removeFolders } from './embedded.ts'

type Place = { dataDir: string; databaseUrl: string | undefined; secretKey: string | undefined }

const silent = () => undefined
let folder: string
let source: Place
let saved: string
let content: unknown

beforeAll(async () => {
  folder = await makeFolder()
  source = embeddedIn(join(await makeFolder(), 'data'))
  saved = join(folder, 'saved')
  await whileOpen(source, async ({ url }) => {
    await fill(url)
    content = await contentOf(url)
    await saveToFile(saved, source, silent)
  })
})
afterAll(removeFolders)

describe('a backup of a running embedded database', () => {
  it('brings everything back to another one, the key too', async () => {
    const target = embeddedIn(join(await makeFolder(), 'data'))
    const said = await restore(saved, target)
    expect(said.at(-1)).toMatch(/^Restored \d+ rows of \d+ tables/)
    expect(await readFile(secretKeyFile(target.dataDir), 'utf8')).toBe(
      await readFile(secretKeyFile(source.dataDir), 'utf8'),
    )
    await whileOpen(target, async ({ url }) => expect(await contentOf(url)).toEqual(content))
  })

  it('brings everything back to a server, under the same key', async () => {
    const { target, drop } = await onServer(await keyOf(source))
    await restore(saved, target)
    expect(await contentOf(target.databaseUrl)).toEqual(content)
    await query(target.databaseUrl, "INSERT INTO audit_event (action, actor) VALUES ('next', 'me')")
    await drop()
  })

  it('begins another feed of changes, for the transactions of the old one were numbered elsewhere', async () => {
    const { target, drop } = await onServer(await keyOf(source))
    const feedOf = async () => (await query(target.databaseUrl, 'SELECT name FROM change_feed'))[0]
    const before = await feedOf()
    await restore(saved, target)
    expect(await feedOf()).not.toEqual(before)
    expect(await query(target.databaseUrl, 'SELECT FROM submission_change')).toEqual([])
    await drop()
  })

  it('can be read by its owner alone, and is never written over', async () => {
    expect((await stat(saved)).mode & 0o777).toBe(0o600)
    await expect(saveToFile(saved, source, silent)).rejects.toThrow(/exists already/)
  })
})

describe('a backup of a stopped embedded database', () => {
  it('holds the same, says that it holds the key, and leaves the database stopped', async () => {
    const file = join(folder, 'stopped')
    const said: string[] = []
    await saveToFile(file, source, (line) => said.push(line))
    expect(said.at(-1)).toMatch(/holds the key/)
    await expect(stat(join(source.dataDir, 'postgres', 'url'))).rejects.toThrow()
    const { target, drop } = await onServer(await keyOf(source))
    await restore(file, target)
    expect(await contentOf(target.databaseUrl)).toEqual(content)
    await drop()
  })

  it('is not made where there is no database', async () => {
    const nothing = embeddedIn(join(folder, 'nothing'))
    await expect(saveToFile(join(folder, 'none'), nothing, silent)).rejects.toThrow(/There is no database in/)
    await expect(stat(nothing.dataDir)).rejects.toThrow()
  })
})

describe('a backup of a server', () => {
  it('goes back to an embedded database, whose key the environment then sets', async () => {
    const server = await onServer(randomBytes(32).toString('base64'))
    await fill(server.target.databaseUrl)
    await rememberKey(server.target)
    const file = join(folder, 'of-server')
    await saveToFile(file, server.target, silent)
    const target = embeddedIn(join(await makeFolder(), 'data'))
    await expect(restore(file, target)).rejects.toThrow(/another SECRET_KEY/)
    const withKey = { ...target, secretKey: server.target.secretKey }
    await restore(file, withKey)
    await whileOpen(withKey, async ({ url }) =>
      expect(await contentOf(url)).toEqual(await contentOf(server.target.databaseUrl)),
    )
    await server.drop()
  })
})

describe('a restore', () => {
  it('refuses a database that holds data, unless told to replace it', async () => {
    const { target, drop } = await onServer(await keyOf(source))
    await fill(target.databaseUrl)
    const before = await contentOf(target.databaseUrl)
    await expect(restore(saved, target)).rejects.toThrow(/holds data already.*--replace/)
    expect(await contentOf(target.databaseUrl)).toEqual(before)
    await restore(saved, target, true)
    expect(await contentOf(target.databaseUrl)).toEqual(content)
    await drop()
  })

  it('refuses a key that could not open what the file holds', async () => {
    const { target, drop } = await onServer(randomBytes(32).toString('base64'))
    await expect(restore(saved, target)).rejects.toThrow(/another SECRET_KEY/)
    await drop()
  })

  it.each([0.3, 0.99])('refuses a file that was cut at %f of its length', async (part) => {
    const file = await copyOf(saved)
    await truncate(file, Math.floor((await stat(file)).size * part))
    await refusesAsDamaged(file)
  })

  it('refuses a file with a changed byte, with more behind it, or of another kind', async () => {
    const changed = await copyOf(saved)
    const bytes = await readFile(changed)
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100)
    await writeFile(changed, bytes)
    await refusesAsDamaged(changed)
    const longer = await copyOf(saved)
    await appendFile(longer, 'more')
    await refusesAsDamaged(longer)
    const other = join(folder, randomUUID())
    await writeFile(other, gzipSync('something else'))
    await refusesAsDamaged(other)
    await writeFile(other, '')
    await refusesAsDamaged(other)
  })

  it('refuses a backup of another schema, and changes nothing', async () => {
    const { target, drop } = await onServer(await keyOf(source))
    const file = await writtenBy({ migrations: ['0001_initial.sql', '9999_of_the_future.sql'], tables: [] })
    await expect(restore(file, target)).rejects.toThrow(/another version of Formgate: its schema is 9999_of_the_future/)
    await drop()
  })

  it('brings back all or nothing', async () => {
    const { target, drop } = await onServer(await keyOf(source))
    await fill(target.databaseUrl)
    const before = await contentOf(target.databaseUrl)
    const migrations = await query(target.databaseUrl, 'SELECT name FROM schema_migration ORDER BY name')
    const names = (migrations as { name: string }[]).map(({ name }) => name)
    const tables = [{ name: 'server_setting', columns: ['name', 'value'] }]
    const rows = '{"table":"server_setting"}\na\tb\nbroken row\n\\.\n{"sequences":{}}\n'
    await expect(restore(await writtenBy({ migrations: names, tables }, rows), target, true)).rejects.toThrow()
    expect(await contentOf(target.databaseUrl)).toEqual(before)
    await drop()
  })
})

function embeddedIn(dataDir: string): Place {
  return { dataDir, databaseUrl: undefined, secretKey: undefined }
}

async function onServer(secretKey: string): Promise<{ target: Place; drop: () => Promise<void> }> {
  const { url, drop } = await createTestDatabase()
  return { target: { dataDir: join(folder, randomUUID()), databaseUrl: url, secretKey }, drop }
}

async function whileOpen(place: Place, work: (server: DatabaseServer) => Promise<void>): Promise<void> {
  const server = await openDatabaseServer({ ...place, log: silent })
  try {
    await rememberKey({ ...place, databaseUrl: server.url })
    await work(server)
  } finally {
    await server.stop()
  }
}

/** As a start does. */
async function rememberKey(place: Place): Promise<void> {
  const database = openDatabase(place.databaseUrl ?? '', 1)
  await checkSecretKey(database.db, await keyOf(place)).finally(() => database.close())
}

async function restore(file: string, config: Place, replace = false): Promise<string[]> {
  const said: string[] = []
  await restoreFromFile({ file, replace, config, say: (line) => said.push(line) })
  return said
}

function keyOf(place: Place): Promise<string> {
  return readSecretKey(place)
}

/** Rows with all that a text format could stumble over, in tables that refer to each other. */
async function fill(url: string | undefined): Promise<void> {
  const [user, form, version] = [randomUUID(), randomUUID(), randomUUID()]
  const hard = `naïve 😀 ᓄᓇᕗᑦ \\. \\N tab\there\nnew line\r\n\\.\n'quoted'`
  await query(
    url,
    `INSERT INTO app_user (id, name, email) VALUES ('${user}', $$${hard}$$, '${user}@example.org')`,
    `INSERT INTO form (id, name, created_by, labels) VALUES ('${form}', $$${hard}$$, 'me', ARRAY[$$${hard}$$, 'b'])`,
    `INSERT INTO form_role_user VALUES ('${form}', '${user}', 'owner', 'me')`,
    `INSERT INTO form_version (id, form_id, version, schema, created_by) VALUES ('${version}', '${form}', 1, '{ "b":1,  "a": 2 }', 'me')`,
    `INSERT INTO api_key (form_id, secret_hash, secret_sealed, created_by) VALUES ('${form}', '\\x00ff', 'x', 'me')`,
    `INSERT INTO submission (id, form_id, form_version_id, submission, created_by)
     SELECT gen_random_uuid(), '${form}', '${version}', jsonb_build_object('n', n, 'text', repeat($$${hard}$$, 20)), 'me'
     FROM generate_series(1, 300) AS n`,
    `INSERT INTO indexed_field (form_id, field, path, created_by) VALUES ('${form}', 'text', '$."te\\"xt"', 'me')`,
    `INSERT INTO submission_answer
     SELECT (SELECT max(id) FROM indexed_field), answer_hash(submission->'n'), created_at, id FROM submission WHERE form_id = '${form}'`,
    `INSERT INTO audit_event (action, actor) SELECT 'act', 'me' FROM generate_series(1, 5)`,
  )
}

/** Every row of every table, and where the counters stand. */
async function contentOf(url: string | undefined): Promise<unknown> {
  const tables = await query(url, "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
  const content: Record<string, unknown> = {}
  for (const { name } of tables as { name: string }[]) {
    // The feed of changes begins anew in each database.
    if (['schema_migration', 'change_feed', 'submission_change'].includes(name)) continue
    content[name] = await query(
      url,
      `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)), count(*) FROM "${name}" AS t`,
    )
  }
  content.sequences = await query(url, 'SELECT sequencename, last_value FROM pg_sequences ORDER BY 1')
  return content
}

async function copyOf(file: string): Promise<string> {
  const copy = join(folder, randomUUID())
  await writeFile(copy, await readFile(file))
  return copy
}

async function refusesAsDamaged(file: string): Promise<void> {
  await expect(restore(file, embeddedIn(join(folder, 'never')))).rejects.toThrow(/is not a complete Formgate backup/)
  await expect(stat(join(folder, 'never'))).rejects.toThrow()
}

/** A file with a right checksum and a header of our choice. */
async function writtenBy(header: object, rest = ''): Promise<string> {
  const file = join(folder, randomUUID())
  await writeBackupFile(file, async function* () {
    yield Buffer.from(`${JSON.stringify({ format: 'formgate-backup', version: 1, ...header })}\n${rest}`)
  })
  return file
}
