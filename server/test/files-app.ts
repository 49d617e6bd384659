import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { plainAnswers } from './definitions.ts'
import { type Api, type As, ok, openApi, type TestForm } from './harness.ts'
import { fileAnswer, upload } from './multipart.ts'

export type Uploaded = { id: string; originalName: string; size: number; _accessToken: string }

/** The app with small files, and a look into where it keeps them. */
export async function openFilesApi(maxBytes = 1024 * 1024) {
  const dataDir = join(tmpdir(), `formgate-files-${crypto.randomUUID()}`)
  const files = { maxBytes, refusedExtensions: ['exe', 'js'] }
  const api = await openApi({ dataDir, trustProxy: true, files })
  return { api, filesDir: join(dataDir, 'files'), ...lookInto(api, join(dataDir, 'files')), ...callsOf(api) }
}

function lookInto(api: Api, filesDir: string) {
  async function storedFiles(): Promise<string[]> {
    const entries = await readdir(filesDir, { recursive: true, withFileTypes: true }).catch(() => [])
    return entries.filter((each) => each.isFile()).map((each) => each.name)
  }

  async function countOf(table: string): Promise<number> {
    return (await api.database.pool.query(`select count(*) as count from ${table}`)).rows[0].count
  }

  /** What there is of files, in the database and on disk. */
  async function traces() {
    const content = (await storedFiles()).length
    return { rows: await countOf('file'), content, reserved: await countOf('file_removal') }
  }

  /** Runs what must leave nothing behind. */
  async function expectNoTrace(attempt: () => Promise<void>): Promise<void> {
    const before = await traces()
    await attempt()
    await expect.poll(traces, { timeout: 5000 }).toEqual(before)
  }

  /** The submission that a file belongs to; undefined when there is no such file. */
  async function submissionOf(file: { id: string }): Promise<string | null | undefined> {
    const { rows } = await api.database.pool.query('select submission_id from file where id = $1', [file.id])
    return rows[0]?.submission_id
  }

  return { storedFiles, traces, expectNoTrace, submissionOf }
}

function callsOf(api: Api) {
  return {
    allowFiles: async ({ formId }: TestForm, filesApiAccess: boolean): Promise<void> => {
      const path = `/forms/${formId}/apiKey/filesApiAccess`
      ok(await api.call('PUT', path, { as: api.owner, body: { filesApiAccess } }))
    },
    uploaded: async (form: TestForm, as?: As): Promise<Uploaded> => ok(await upload(api, form.formId, {}, { as })),
    read: (id: string, as?: As, headers = {}) => api.call('GET', `/files/${id}`, { as, headers }),
    remove: (id: string, as?: As, headers = {}) => api.call('DELETE', `/files/${id}`, { as, headers }),
    /** Submits answers that name files. */
    submitWith: async (form: TestForm, files: Uploaded[], as?: As, draft = false) => {
      const data = { ...plainAnswers, attachments: files.flatMap(fileAnswer) }
      const path = `/forms/${form.formId}/versions/${form.versionId}/submissions`
      return ok(await api.call('POST', path, { as, body: { draft, submission: { data } } }))
    },
  }
}
