import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Api, openApi, type TestForm } from '../../server/test/harness.ts'
import { createFormgateClient } from '../src/client.ts'
import { downloadExport } from '../src/node.ts'
import { cli } from './cli.ts'

vi.setConfig({ testTimeout: 90_000 })

const rowCount = 4000
let api: Api
let form: TestForm
let url: string
let folder: string
beforeAll(async () => {
  api = await openApi()
  form = await api.addForm({
    schema: { components: ['a', 'filler'].map((key) => ({ type: 'textfield', key, input: true })) },
  })
  await sql`insert into submission (id, form_id, form_version_id, status, submission, created_by, created_at)
    select gen_random_uuid(), ${form.formId}, ${form.versionId}, 'SUBMITTED',
      jsonb_build_object('data', jsonb_build_object('a', n::text, 'filler', repeat(md5(n::text), 45))),
      'test', now() - n * interval '1 ms'
    from generate_series(1, ${sql.lit(rowCount)}) n`.execute(api.database.db)
  url = await api.app.listen({ port: 0, host: '127.0.0.1' })
  folder = await mkdtemp(join(tmpdir(), 'formgate-resuming-'))
})
afterAll(async () => {
  await api.close()
  await rm(folder, { recursive: true })
})

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** A client whose connections break, each after so many bytes of an export. */
function clientThatLoses(cuts: number[], ranges: string[] = []) {
  const losing = async (request: Request) => {
    const range = request.headers.get('range')
    if (range) ranges.push(range)
    const response = await fetch(request)
    const isExport = /\/export\?|\/file$/.test(request.url)
    const cut = isExport && response.ok ? cuts.shift() : undefined
    return cut === undefined ? response : new Response(response.body?.pipeThrough(breaking(cut)), response)
  }
  return createFormgateClient({ baseUrl: url, formId: form.formId, apiKey: form.secret, fetch: losing as typeof fetch })
}

function breaking(after: number): TransformStream<Uint8Array, Uint8Array> {
  let left = after
  return new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(chunk.subarray(0, left))
      left -= chunk.length
      if (left <= 0) controller.error(new TypeError('terminated'))
    },
  })
}

async function whole(format: string): Promise<Buffer> {
  const reply = await api.call('GET', `/forms/${form.formId}/export`, { as: form.key, query: { format } })
  return reply.rawPayload
}

describe('an export of the server', () => {
  it.each(['csv', 'json', 'ndjson'] as const)('as %s ends byte-identical over broken connections', async (format) => {
    const output = join(folder, `broken.${format}`)
    const ranges: string[] = []
    const client = clientThatLoses([2_500_000, 1_000_000, 10], ranges)
    const done = await downloadExport(client, { output, query: { format } })
    const bytes = await readFile(output)
    expect(bytes.equals(await whole(format))).toBe(true)
    expect(done).toMatchObject({ verified: true, rows: rowCount, bytes: bytes.length, sha256: sha256(bytes) })
    expect(done.watermark).toMatch(/^[\da-f]+\.\d+\.\d+$/)
    expect(ranges.length).toBeGreaterThanOrEqual(3)
  })

  it('is taken up by another run of the command after a part has come', async () => {
    const output = join(folder, 'command.csv')
    const stop = new AbortController()
    const first = downloadExport(clientThatLoses([2_500_000]), {
      output,
      query: { format: 'csv' },
      signal: stop.signal,
      onResume: () => stop.abort(new Error('stopped')),
    })
    await expect(first).rejects.toThrow('stopped')
    expect((await stat(`${output}.part`)).size).toBeGreaterThan(0)
    const args = ['export', '--url', url, '--form', form.formId, '--output', output]
    const run = await cli(args, { env: { FORMGATE_API_KEY: form.secret } })
    expect(run).toMatchObject({ code: 0, stderr: expect.stringMatching(/4,000 rows, .* MB, SHA-256 verified/) })
    expect((await readFile(output)).equals(await whole('csv'))).toBe(true)
  })

  it('is right also when rows change between the pieces', async () => {
    const output = join(folder, 'changed.csv')
    let changed = false
    const done = await downloadExport(clientThatLoses([2_500_000, 1_000_000]), {
      output,
      query: { format: 'csv' },
      onResume: () => {
        if (changed) return
        changed = true
        void sql`update submission set submission = jsonb_set(submission, '{data,a}', '"changed"')`.execute(
          api.database.db,
        )
      },
    })
    expect(done).toMatchObject({ verified: true, rows: rowCount })
  })

  it('is made in the background and downloaded', async () => {
    const output = join(folder, 'background.csv')
    const args = ['export', '--url', url, '--form', form.formId, '--background', '--output', output]
    const run = await cli(args, { env: { FORMGATE_API_KEY: form.secret } })
    expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining('SHA-256 verified') })
    expect((await readFile(output)).equals(await whole('csv'))).toBe(true)
  })
})
