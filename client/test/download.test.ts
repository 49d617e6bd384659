import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFormgateClient } from '../src/client.ts'
import { type DownloadOptions, downloadExport } from '../src/download.ts'
import { apiKey, type ExportBehaviour, exportServer, type FakeServer, formId } from './fake-server.ts'

const body = randomBytes(300_000)
const digest = createHash('sha256').update(body).digest('hex')

let folder: string
let output: string
let server: FakeServer
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formgate-client-'))
  output = join(folder, 'export.csv')
})
afterEach(async () => {
  await server?.close()
  await rm(folder, { recursive: true })
})

async function serve(behaviour: Partial<ExportBehaviour> = {}): Promise<void> {
  await server?.close()
  server = await exportServer({ body, ...behaviour })
}

/** The server is another one each time; what is kept of a download names it, so tests that go on keep its address. */
const download = (options: Partial<DownloadOptions> = {}, url = server.url) =>
  downloadExport(createFormgateClient({ baseUrl: url, formId, apiKey, patience: { attempts: 2 } }), {
    output,
    query: { format: 'csv' },
    ...options,
  })
const files = async () => (await readdir(folder)).sort()

describe('a download', () => {
  it('gets its name when it is whole, and its digest is the server’s', async () => {
    await serve()
    const done = await download()
    expect(done).toMatchObject({ bytes: body.length, sha256: digest, verified: true, rows: 7, watermark: '5d.1.2' })
    expect(await readFile(output)).toEqual(body)
    expect(await files()).toEqual(['export.csv'])
  })

  it('goes on where the connection was cut, as often as it is', async () => {
    await serve({ cutAt: [100_000, 150_000, 250_000] })
    const resumed: number[] = []
    await download({ onResume: (from) => resumed.push(from) })
    expect(await readFile(output)).toEqual(body)
    expect(resumed).toHaveLength(3)
    expect(server.calls.slice(1, 4)).toEqual(
      resumed.map((from) => `GET /forms/${formId}/export/e1/file bytes=${from}-`),
    )
  })

  it('that was stopped leaves its part, and another run goes on from there', async () => {
    await serve({ cutAt: [200_000] })
    const stop = new AbortController()
    const begun = download({ signal: stop.signal, onResume: () => stop.abort(new Error('stopped')) })
    await expect(begun).rejects.toThrow('stopped')
    expect(await files()).toEqual(['export.csv.part', 'export.csv.part.json'])
    server.calls.length = 0
    const { size } = await stat(`${output}.part`)
    expect(size).toBeGreaterThan(0)
    expect(await download()).toMatchObject({ sha256: digest, verified: true })
    expect(server.calls[0]).toBe(`GET /forms/${formId}/export/e1/file bytes=${size}-`)
    expect(await files()).toEqual(['export.csv'])
  })

  it('steps back to where the server says when rows of the last piece have changed', async () => {
    await serve({ cutAt: [200_000], changed: { resumeAt: 50_000 } })
    expect(await download()).toMatchObject({ sha256: digest })
    expect(server.calls).toContain(`GET /forms/${formId}/export/e1/file bytes=50000-`)
  })

  it('whose last byte had come is whole', async () => {
    await serve({ cutAt: [body.length] })
    expect(await download()).toMatchObject({ sha256: digest, bytes: body.length })
  })

  it('of other bytes than the server sent is an error, and nothing of it is kept', async () => {
    await serve({ sha256: '0'.repeat(64) })
    await expect(download()).rejects.toMatchObject({ code: 'digest_mismatch' })
    expect(await files()).toEqual([])
  })

  it('is verified piece by piece where the server has no digest of the whole', async () => {
    await serve({ pieces: 100_000 })
    expect(await download()).toMatchObject({ sha256: digest, verified: true })
  })

  it('begins anew when the server knows the export no more', async () => {
    await serve({ cutAt: [200_000], onRange: (response) => response.writeHead(404).end() })
    expect(await download()).toMatchObject({ sha256: digest })
    expect(server.calls.filter((call) => call.endsWith('format=csv'))).toHaveLength(2)
  })

  it('begins anew where a server knows no ranges', async () => {
    await serve({ cutAt: [200_000], onRange: (response) => response.writeHead(200).end(body) })
    expect(await download()).toMatchObject({ sha256: digest })
  })

  it('is not mixed with that of another query', async () => {
    await serve({ cutAt: [200_000] })
    const stop = new AbortController()
    await download({ signal: stop.signal, onResume: () => stop.abort() }).catch(() => undefined)
    server.calls.length = 0
    await download({ query: { format: 'json' } })
    expect(server.calls[0]).toBe(`GET /forms/${formId}/export?format=json`)
    expect(await readFile(output)).toEqual(body)
  })

  it('gives up when nothing more comes, and keeps its part', async () => {
    await serve({ cutAt: [1000], onRange: (response) => response.destroy() })
    await expect(download()).rejects.toMatchObject({ code: 'network_error' })
    expect(await files()).toEqual(['export.csv.part', 'export.csv.part.json'])
  })

  it('says that it is not verified where the server tells no digest, and a cut one is an error', async () => {
    await serve({ named: false })
    expect(await download()).toMatchObject({ verified: false, sha256: digest, rows: null })
    await serve({ named: false, cutAt: [1000] })
    await expect(download()).rejects.toMatchObject({ code: 'network_error' })
  })

  it('leaves the file of before as it is until the new one is whole', async () => {
    await writeFile(output, 'old')
    await serve({ sha256: '0'.repeat(64) })
    await expect(download()).rejects.toThrow()
    expect(await readFile(output, 'utf8')).toBe('old')
  })

  it('survives notes that were cut off', async () => {
    await serve()
    await writeFile(`${output}.part`, 'rubbish')
    await writeFile(`${output}.part.json`, '{"exportId":"e')
    expect(await download()).toMatchObject({ sha256: digest })
  })
})
