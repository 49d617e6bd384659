import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readArguments } from '../src/cli/arguments.ts'
import { describe as line, progressOn } from '../src/cli/progress.ts'
import { at, cli } from './cli.ts'
import { apiKey, exportServer, type FakeServer, fakeServer, formId, sendJson } from './fake-server.ts'

let folder: string
let server: FakeServer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formgate-cli-'))
})
afterEach(() => server?.close())
afterAll(() => rm(folder, { recursive: true }))

describe('export', () => {
  const body = randomBytes(200_000)

  it('writes a verified file, and says so', async () => {
    server = await exportServer({ body })
    const output = join(folder, 'whole.csv')
    const run = await cli(['export', ...at(server.url), '--format', 'csv', '--output', output])
    expect(run).toMatchObject({ code: 0, stdout: '' })
    expect(run.stderr).toMatch(/whole\.csv: 7 rows, 200 kB, SHA-256 verified: [\da-f]{64}\n$/)
    expect(await readFile(output)).toEqual(body)
  })

  it('leaves a part when it is interrupted, with which the same command goes on', async () => {
    server = await exportServer({ body, cutAt: [100_000, 100_000, 100_000] })
    const command = ['export', ...at(server.url), '-o', join(folder, 'stopped.csv')]
    const run = await cli(command, {
      onStderr: (text, child) =>
        void (!text.includes('Interrupted') && text.includes('going on after') && child.kill('SIGINT')),
    })
    expect(run).toMatchObject({ code: 130, stderr: expect.stringContaining('The same command goes on where it was.') })
    expect(await readdir(folder)).toEqual(expect.arrayContaining(['stopped.csv.part', 'stopped.csv.part.json']))
    expect(await readFile(join(folder, 'stopped.csv.part.json'), 'utf8')).not.toContain(apiKey)
    expect((await cli(command)).code).toBe(0)
    expect(await readFile(join(folder, 'stopped.csv'))).toEqual(body)
  })

  it('waits for one in the background, and downloads it', async () => {
    const states = ['waiting', 'running', 'complete']
    const files = await exportServer({ body })
    server = await fakeServer(async (request, response) => {
      if (request.method === 'POST' || request.url?.endsWith('/e1')) {
        const status = request.method === 'POST' ? 'waiting' : states.shift()
        return sendJson(
          response,
          { exportId: 'e1', status, percent: 50, rows: 5, totalRows: 10, etaSeconds: 3 },
          request.method === 'POST' ? 202 : 200,
        )
      }
      const reply = await fetch(files.url + request.url, { headers: { range: request.headers.range ?? '' } })
      response.writeHead(reply.status, Object.fromEntries(reply.headers)).end(Buffer.from(await reply.arrayBuffer()))
    })
    const output = join(folder, 'later.csv')
    const run = await cli(['export', ...at(server.url), '--background', '-o', output])
    await files.close()
    expect(run).toMatchObject({ code: 0 })
    expect(await readFile(output)).toEqual(body)
  })

  it('sends what --set names', async () => {
    server = await exportServer({ body })
    await cli([
      'export',
      ...at(server.url),
      '-o',
      join(folder, 'set.csv'),
      '--set',
      'drafts=true',
      '--set',
      'preference={"minDate":"2026-01-01"}',
      '--quiet',
    ])
    expect(server.calls[0]).toBe(
      `GET /forms/${formId}/export?format=csv&drafts=true&preference=%7B%22minDate%22%3A%222026-01-01%22%7D`,
    )
  })
})

describe('submissions, changes and openapi', () => {
  it('are JSON on the standard output', async () => {
    server = await fakeServer(({ url = '' }, response) => {
      if (url.includes('/changes'))
        return sendJson(response, { changes: [{ cursor: 'c1' }, { cursor: 'c2' }], next: 'c2', more: false })
      if (url.includes('/openapi.json')) return sendJson(response, { openapi: '3.1.0' })
      return sendJson(response, { results: [{ n: 1 }, { n: 2 }], total: 2 })
    })
    expect(await cli(['submissions', ...at(server.url), '--fields', 'a'])).toMatchObject({
      code: 0,
      stdout: '{"n":1}\n{"n":2}\n',
    })
    expect(await cli(['changes', ...at(server.url)])).toMatchObject({
      code: 0,
      stdout: '{"cursor":"c1"}\n{"cursor":"c2"}\n',
    })
    expect(await cli(['openapi', ...at(server.url)])).toMatchObject({ code: 0, stdout: '{\n  "openapi": "3.1.0"\n}\n' })
  })

  it('of which changes go on where the cursor file says', async () => {
    server = await fakeServer((_, response) => sendJson(response, { changes: [], next: 'c9', more: false }))
    const file = join(folder, 'cursor')
    await writeFile(file, 'c5\n')
    await cli(['changes', ...at(server.url), '--cursor-file', file])
    expect(server.calls[0]).toContain('after=c5')
    expect(await readFile(file, 'utf8')).toBe('c9\n')
  })
})

describe('the command', () => {
  const problem = (status: number, code: string) =>
    fakeServer((_, response) => sendJson(response, { code, detail: `It is ${code}.`, status }, status))

  it.each([
    [401, 'unauthorized', 3],
    [403, 'insufficient_scope', 3],
    [410, 'cursor_expired', 4],
    [400, 'invalid_query', 1],
  ])('tells %i %s in one line, and by its exit code %i', async (status, code, exitCode) => {
    server = await problem(status, code)
    const run = await cli(['changes', ...at(server.url)])
    expect(run).toEqual({ code: exitCode, stdout: '', stderr: `formgate-client: It is ${code}. (${code})\n` })
  })

  it('takes the key from the standard input, or says that it is missing', async () => {
    server = await fakeServer((_, response) => sendJson(response, {}))
    const args = ['openapi', ...at(server.url)]
    expect((await cli([...args, '--key-stdin'], { env: {}, stdin: 'fg_live_other\n' })).code).toBe(0)
    expect(server.requests[0]?.headers.authorization).toBe(`Basic ${btoa(`${formId}:fg_live_other`)}`)
    const without = await cli(args, { env: {} })
    expect(without).toMatchObject({ code: 2, stderr: expect.stringContaining('FORMGATE_API_KEY') })
  })

  it('helps, and tells its version', async () => {
    expect(await cli(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Exit codes') })
    expect(await cli(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n' })
  })

  it.each([
    [['exprot'], 'There is no command exprot.'],
    [['export', '--url', 'https://x', '--form', 'f'], '--output FILE is missing.'],
    [['changes', '--form', 'f'], '--url is missing.'],
    [['changes', '--url', 'x', '--form', 'f'], '--url must be an address'],
    [['changes', '--url', 'https://a:b@x', '--form', 'f'], '--url must hold no password'],
    [['openapi', '--url', 'https://x', '--form', 'f', '--follow'], 'openapi has no option --follow.'],
    [['openapi', '--url', 'https://x', '--form', 'f', '--wat'], "Unknown option '--wat'"],
    [['openapi', 'more', '--url', 'https://x'], 'One command is run at a time.'],
    [['submissions', '--url', 'https://x', '--form', 'f', '--set', 'a'], '--set takes NAME=VALUE'],
  ])('refuses %j', (args, message) => {
    expect(() => readArguments(args, {})).toThrow(message)
  })

  it('takes address and form from the environment', () => {
    const env = { FORMGATE_URL: 'https://x', FORMGATE_FORM_ID: 'f' }
    expect(readArguments(['openapi'], env)).toMatchObject({
      kind: 'run',
      arguments: { baseUrl: 'https://x', formId: 'f' },
    })
  })
})

describe('progress', () => {
  it('is a bar with rows, bytes, speed and the time left, as far as they are known', () => {
    const all = { percent: 50, rows: 5000, totalRows: 10_000, bytes: 12_345_678, etaSeconds: 75 }
    expect(line('x', all, 10)).toBe(
      'x  [############------------] 50 %  5,000 of 10,000 rows  12.3 MB  1.2 MB/s  1 min 15 s left',
    )
    expect(line('x', { bytes: 999 }, 0)).toBe('x  999 B')
  })

  it('moves on a terminal, and is a line now and then in a log', () => {
    const written = (isTTY: boolean) => {
      const texts: string[] = []
      let now = 0
      const progress = progressOn({ isTTY, write: (text: string) => texts.push(text) }, false, () => now)
      for (const ms of [100, 200, 11_000, 11_100]) {
        now = ms
        progress.show('x', { bytes: ms })
      }
      progress.say('done')
      return texts.join('')
    }
    expect(written(true).split('\r')).toHaveLength(5)
    expect(written(true)).toMatch(/\ndone\n$/)
    expect(written(false)).toBe('x  11.0 kB  1.0 kB/s\ndone\n')
  })
})
