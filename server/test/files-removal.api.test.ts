import { readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FileStorage, storageInFolder } from '../src/files/file-storage.ts'
import { reserveStorageName } from '../src/files/files.queries.ts'
import { sweepFiles } from '../src/files/removal.ts'
import { openFilesApi } from './files-app.ts'
import { type Api, ok, type TestForm } from './harness.ts'

let files: Awaited<ReturnType<typeof openFilesApi>>
let api: Api
let form: TestForm
let storage: FileStorage
let warnings: string[] = []

beforeAll(async () => {
  files = await openFilesApi()
  api = files.api
  form = await api.addForm()
  storage = storageInFolder(files.filesDir)
})
afterAll(() => api.close())

const sweep = (on = storage) =>
  sweepFiles({ db: api.database.db, storage: on, warn: (message) => void warnings.push(message) })
const age = (id: string, hours: number) =>
  api.database.pool.query(`update file set created_at = now() - interval '1 hour' * $2 where id = $1`, [id, hours])
async function contentOf(id: string): Promise<string> {
  const { rows } = await api.database.pool.query('select storage_name from file where id = $1', [id])
  return rows[0].storage_name.split('/')[1]
}

describe('a sweep', () => {
  it('deletes what was not submitted within a day, and nothing else', async () => {
    const [old, young, submitted] = [await files.uploaded(form), await files.uploaded(form), await files.uploaded(form)]
    await files.submitWith(form, [submitted])
    await age(old.id, 25)
    await age(young.id, 23)
    await age(submitted.id, 1000)
    const [gone, kept, named] = [await contentOf(old.id), await contentOf(young.id), await contentOf(submitted.id)]
    await sweep()
    expect(await files.submissionOf(old)).toBeUndefined()
    expect(await files.submissionOf(young)).toBeNull()
    const stored = await files.storedFiles()
    expect(stored).toEqual(expect.arrayContaining([kept, named]))
    expect(stored).not.toContain(gone)
  })

  it('takes the content away with a form and with a submission that go for good', async () => {
    const doomed = await api.addForm()
    const [waiting, submitted, other] = [
      await files.uploaded(doomed),
      await files.uploaded(doomed),
      await files.uploaded(form),
    ]
    await files.submitWith(doomed, [submitted])
    const { id } = await files.submitWith(form, [other])
    const contents = await Promise.all([waiting, submitted, other].map((each) => contentOf(each.id)))
    await api.database.pool.query('delete from submission where id = $1 or form_id = $2', [id, doomed.formId])
    await api.database.pool.query('delete from form where id = $1', [doomed.formId])
    await sweep()
    const stored = await files.storedFiles()
    expect(stored.filter((each) => contents.includes(each))).toEqual([])
    expect((await files.traces()).reserved).toBe(0)
  })

  it('takes away what a crash left in the middle of an upload, when no upload can last as long', async () => {
    const crashed = 'aa/crashed-upload'
    const running = 'aa/running-upload'
    for (const name of [crashed, running]) {
      await reserveStorageName(api.database.db, name)
      await storage.write(name, Readable.from([Buffer.from('half')]), 100)
    }
    await api.database.pool.query(`update file_removal set due_at = now() where storage_name = $1`, [crashed])
    await sweep()
    const stored = await files.storedFiles()
    expect([stored.includes('crashed-upload'), stored.includes('running-upload')]).toEqual([false, true])
    await api.database.pool.query('update file_removal set due_at = now()')
    await sweep()
    expect(await files.storedFiles()).not.toContain('running-upload')
  })

  it('goes on with the rest when the storage fails, and tries again later', async () => {
    const [stuck, fine] = [await files.uploaded(form), await files.uploaded(form)]
    const [stuckContent, fineContent] = [await contentOf(stuck.id), await contentOf(fine.id)]
    await api.database.pool.query('delete from file where id = any($1)', [[stuck.id, fine.id]])
    warnings = []
    const failing: FileStorage = {
      ...storage,
      remove: async (name) => {
        if (name.endsWith(stuckContent)) throw new Error('read-only')
        await storage.remove(name)
      },
    }
    await sweep(failing)
    expect(warnings).toEqual([expect.stringContaining('read-only')])
    expect((await files.storedFiles()).filter((each) => [stuckContent, fineContent].includes(each))).toEqual([
      stuckContent,
    ])
    await api.database.pool.query('update file_removal set due_at = now()')
    await sweep()
    expect(await files.storedFiles()).not.toContain(stuckContent)
  })

  it('may run in several containers at once', async () => {
    const doomed = await api.addForm()
    for (let count = 0; count < 30; count++) await files.uploaded(doomed)
    const before = (await files.traces()).content
    await api.database.pool.query('delete from form where id = $1', [doomed.formId])
    warnings = []
    await Promise.all([sweep(), sweep(), sweep()])
    expect([(await files.traces()).content, (await files.traces()).reserved, warnings]).toEqual([before - 30, 0, []])
  })
})

it('sweeps when the server starts, and lets it stop', async () => {
  const file = await files.uploaded(form)
  await age(file.id, 25)
  await api.app.listen({ port: 0 })
  await expect.poll(() => files.submissionOf(file), { timeout: 5000 }).toBeUndefined()
})

it('removes the content at once when a file is deleted', async () => {
  const file = await files.uploaded(form)
  const content = await contentOf(file.id)
  ok(await files.remove(file.id, undefined, { 'x-file-token': file._accessToken }))
  expect(await files.storedFiles()).not.toContain(content)
  expect((await files.traces()).reserved).toBe(0)
})

// Only Linux shows which files a process has open.
it.skipIf(process.platform !== 'linux')('closes the file of a reader who goes away', async () => {
  const name = 'bb/large'
  await storage.write(name, Readable.from(Array.from({ length: 64 }, () => Buffer.alloc(65_536))), 64 * 65_536)
  const openOnes = async () => {
    const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''))
    return (await Promise.all(links)).filter((each) => each === join(files.filesDir, name)).length
  }
  const stream = await storage.read(name)
  await new Promise((resolve) => stream?.once('data', resolve))
  expect(await openOnes()).toBe(1)
  stream?.destroy()
  await expect.poll(openOnes, { timeout: 5000 }).toBe(0)
})
