import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = new URL('../../', import.meta.url)

it('has the types of the committed document', async () => {
  const cli = new URL('web/node_modules/openapi-typescript/bin/cli.js', root).pathname
  const made = await promisify(execFile)(process.execPath, [cli, 'openapi.json'], { cwd: root, maxBuffer: 2 ** 26 })
  const committed = await readFile(new URL('client/src/schema.ts', root), 'utf8')
  expect(committed.trim() === made.stdout.trim(), 'Types are out of date: run `npm run openapi`.').toBe(true)
}, 60_000)
