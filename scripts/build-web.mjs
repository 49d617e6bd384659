// Builds the web app when it is older than what it is made of. Also a command of its own: npm run build.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { giveUp, prepare, root, run } from './prepare.mjs'

const web = join(root, 'web')
const builtFrom = join(web, 'dist', '.built-from')

/** What the pages are made of: all of web/, the versions of the packages, and what the server shares. */
export const sharedByServer = [
  'access/scope.ts',
  'exports/columns.ts',
  'exports/export-formats.ts',
  'exports/templates.ts',
  'exports/value-type.ts',
  'submissions/review.ts',
  'validation/component-types.ts',
  'validation/definition.ts',
].map((path) => `server/src/${path}`)
const others = ['package-lock.json', ...sharedByServer]

/** Build the pages unless those that are there were made from just these sources. */
export async function buildWeb(node) {
  const hash = hashOfSources()
  if (existsSync(builtFrom) && readFileSync(builtFrom, 'utf8') === hash) return
  console.log('Building the web app (once, and again after it changes) …')
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const code = await run(node, [vite, 'build', 'web', '--logLevel', 'error'])
  if (code !== 0) giveUp('The web app could not be built; Vite says why above. Nothing was started.')
  writeFileSync(builtFrom, hash)
}

function hashOfSources() {
  const files = readdirSync(web, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/[\\/](node_modules|dist)[\\/]/.test(file))
    .sort()
  const hash = createHash('sha256')
  for (const file of [...files, ...others.map((path) => join(root, path))]) hash.update(file).update(readFileSync(file))
  return hash.digest('hex')
}

if (import.meta.filename === process.argv[1]) await buildWeb(await prepare())
