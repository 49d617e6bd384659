import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, cli } from './cli.ts'
import { exportServer, formId } from './fake-server.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const require = createRequire(import.meta.url)

let folder: string
let installed: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formgate-packed-'))
  // What it depends on is packed too, so that nothing is asked of a registry.
  const packages = ['openapi-fetch', 'openapi-typescript-helpers'].map((name) => packageFolder(name))
  const pack = (from: string, ...more: string[]) =>
    run('npm', ['pack', from, '--pack-destination', folder, ...more], { cwd: root })
  await pack(join(root, 'client'))
  for (const each of packages) await pack(each, '--ignore-scripts')
  const tarballs = (await readdir(folder)).filter((name) => name.endsWith('.tgz')).map((name) => `./${name}`)
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}')
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', ...tarballs], { cwd: folder })
  installed = join(folder, 'node_modules/formgate-client')
}, 120_000)
afterAll(() => rm(folder, { recursive: true }))

function packageFolder(name: string): string {
  const [found] = (require.resolve.paths(name) ?? []).map((path) => join(path, name)).filter(existsSync)
  if (!found) throw new Error(`${name} is not installed.`)
  return found
}

/** An older Node of the machine's own, where there is one: ours is 24, and the package promises 20. */
const nodes = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((path) => !path.includes('node_modules'))
  .map((path) => join(path, 'node'))
  .filter(existsSync)
const node = nodes[0] ?? process.execPath

describe('the packed client', () => {
  it('holds what was built and no sources', async () => {
    expect((await readdir(installed)).sort()).toEqual(['LICENSE', 'README.md', 'bin', 'dist', 'package.json'])
  })

  it('runs from its folder on the machine’s own Node', async () => {
    const server = await exportServer({ body: Buffer.from('a,b\r\n1,2\r\n') })
    const bin = join(folder, 'node_modules/.bin/formgate-client')
    const done = await cli(['export', ...at(server.url), '-o', join(folder, 'out.csv')], { node, bin })
    await server.close()
    expect(done).toMatchObject({ code: 0, stderr: expect.stringContaining('SHA-256 verified') })
    expect(await readFile(join(folder, 'out.csv'), 'utf8')).toBe('a,b\r\n1,2\r\n')
  })

  it('is used from plain JavaScript', async () => {
    const script = `
      import { createFormgateClient, FormgateError } from 'formgate-client'
      import { downloadExport } from 'formgate-client/node'
      const client = createFormgateClient({ baseUrl: 'http://127.0.0.1:1', formId: '${formId}', apiKey: 'x', patience: { attempts: 1 } })
      await client.openapi().catch((error) => console.log(error instanceof FormgateError, error.code, typeof downloadExport))`
    await writeFile(join(folder, 'use.js'), script)
    expect((await run(node, ['use.js'], { cwd: folder })).stdout).toBe('true network_error function\n')
  })

  it('brings its types', async () => {
    const script = `
      import { createFormgateClient } from 'formgate-client'
      type Answers = { name: string; age?: number }
      const client = createFormgateClient<Answers>({ baseUrl: 'https://x', formId: 'f', apiKey: 'k' })
      const stored = await client.submissions.create({ name: 'Ada' })
      const id: string = stored.id
      // @ts-expect-error the form has no such field
      await client.submissions.create({ name: 'Ada', agee: 3 })
      const { data } = await client.api.GET('/app/api/v1/forms/{formId}', { params: { path: { formId: id } } })
      export const name: string | undefined = data?.name`
    await writeFile(join(folder, 'use.ts'), script)
    const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc')
    const args = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--lib',
      'es2024,dom,dom.iterable',
      '--types',
      '',
      'use.ts',
    ]
    const checked = await run(process.execPath, [tsc, ...args], { cwd: folder }).catch((error) => error)
    expect(checked.stdout).toBe('')
  })
})
