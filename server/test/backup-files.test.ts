import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeBackupFile } from '../src/backup/backup-file.ts'
import { restoreFromFile } from '../src/backup/restore-from-file.ts'
import { saveToFile } from '../src/backup/save-to-file.ts'
import { filesFolder, storageInFolder, storageNameOf } from '../src/files/file-storage.ts'
import { createTestDatabase } from './database.ts'
import { query } from './embedded.ts'

const secretKey = randomBytes(32).toString('base64')
/** Around the edges of base64, and more than a stream takes at once. */
const contents = [0, 1, 2, 3, 4, 65_535, 65_536, 500_000].map((size) => randomBytes(size))
const names = contents.map(() => storageNameOf(randomUUID()))

let folder: string
let saved: string
let said: string[]
const drops: (() => Promise<void>)[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formgate-backup-files-'))
  saved = join(folder, 'saved')
  said = []
  const source = await place()
  await addRows(source.databaseUrl, names)
  const storage = storageInFolder(filesFolder(source.dataDir))
  for (const [index, name] of names.entries()) await storage.write(name, Readable.from([contents[index]]), 1_000_000)
  await saveToFile(saved, source, (line) => said.push(line))
})
afterAll(async () => {
  for (const drop of drops) await drop()
  await rm(folder, { recursive: true })
})

async function place() {
  const { url, drop } = await createTestDatabase()
  drops.push(drop)
  return { dataDir: join(folder, randomUUID()), databaseUrl: url, secretKey }
}

async function addRows(url: string, storageNames: string[]): Promise<void> {
  const form = randomUUID()
  await query(
    url,
    `insert into form (id, name, created_by) values ('${form}', 'x', 'me')`,
    ...storageNames.map(
      (name) => `insert into file (id, form_id, storage_name, original_name, mime_type, size, created_by)
        values (gen_random_uuid(), '${form}', '${name}', 'a.txt', 'text/plain', 1, 'me')`,
    ),
  )
}

async function restore(file: string, target: Awaited<ReturnType<typeof place>>, replace = false): Promise<string[]> {
  const lines: string[] = []
  await restoreFromFile({ file, replace, config: target, say: (line) => lines.push(line) })
  return lines
}

async function filesIn(dataDir: string): Promise<string[]> {
  const entries = await readdir(filesFolder(dataDir), { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.filter((each) => each.isFile()).map((each) => each.name)
}

async function expectContents(dataDir: string): Promise<void> {
  for (const [index, name] of names.entries()) {
    const content = await readFile(join(filesFolder(dataDir), name))
    expect(content.equals(contents[index] ?? Buffer.alloc(1)), name).toBe(true)
  }
}

it('brings every byte of the files back', async () => {
  const target = await place()
  expect((await restore(saved, target)).at(-1)).toContain(`and ${names.length} files`)
  await expectContents(target.dataDir)
  expect(await filesIn(target.dataDir)).toHaveLength(names.length)
  expect(said[0]).toContain(`and ${names.length} files`)
})

it('has the content removed that it replaced', async () => {
  const target = await place()
  const old = storageNameOf(randomUUID())
  await addRows(target.databaseUrl, [old])
  await storageInFolder(filesFolder(target.dataDir)).write(old, Readable.from([Buffer.from('old')]), 10)
  await restore(saved, target, true)
  await expectContents(target.dataDir)
  expect(await query(target.databaseUrl, 'select storage_name from file_removal')).toEqual([{ storage_name: old }])
})

it('leaves what is there already as it is, and brings back what was lost', async () => {
  const target = await place()
  await restore(saved, target)
  const lost = names.at(-1) ?? ''
  await rm(join(filesFolder(target.dataDir), lost))
  await writeFile(join(filesFolder(target.dataDir), names[5] ?? ''), 'half')
  await restore(saved, target, true)
  await expectContents(target.dataDir)
  expect(await query(target.databaseUrl, 'select storage_name from file_removal')).toEqual([])
})

it('saves the rest when the content of a file is lost, and says so', async () => {
  const source = await place()
  await addRows(source.databaseUrl, names.slice(0, 2))
  await storageInFolder(filesFolder(source.dataDir)).write(names[1] ?? '', Readable.from([Buffer.from('x')]), 10)
  const lines: string[] = []
  const file = join(folder, 'with-a-loss')
  await saveToFile(file, source, (line) => lines.push(line))
  expect(lines).toContainEqual(expect.stringMatching(/^Of these files, 1 have no content/))
  const target = await place()
  await restore(file, target)
  expect(await filesIn(target.dataDir)).toEqual([names[1]?.slice(3)])
})

it('puts nothing into the folder when the restore fails in the end', async () => {
  const target = await place()
  const migrations = (await query(target.databaseUrl, 'select name from schema_migration order by name')) as {
    name: string
  }[]
  const header = { migrations: migrations.map(({ name }) => name), tables: [], files: 1 }
  const section = (name: string) => `${JSON.stringify({ file: name, size: 3 })}\n${btoa('abc')}\n\\.\n`
  await expect(restore(await written(header, `${section(names[0] ?? '')}no end\n`), target)).rejects.toThrow()
  expect(await filesIn(target.dataDir)).toEqual([])
  await expect(restore(await written(header, section('../../evil')), target)).rejects.toThrow(/names a file/)
  expect(await readdir(folder)).not.toContain('evil')
})

/** A file with a right checksum and a content of our choice. */
async function written(header: object, rest: string): Promise<string> {
  const file = join(folder, randomUUID())
  await writeBackupFile(file, async function* () {
    yield Buffer.from(`${JSON.stringify({ format: 'formgate-backup', version: 1, ...header })}\n${rest}`)
  })
  return file
}
