import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, it } from 'vitest'
import { sharedByServer } from './build-web.mjs'

const root = join(import.meta.dirname, '..')

/** What a source imports for more than types, by paths from the root. */
function importsOf(file: string): string[] {
  const source = readFileSync(join(root, file), 'utf8')
  return [...source.matchAll(/^import (?!type )[^;]*?from '(\.[^']+)'/gm)].map(([, path]) =>
    relative(root, join(root, dirname(file), path ?? '')),
  )
}

function withImports(files: string[]): string[] {
  const found = new Set<string>()
  const visit = (file: string): void => {
    if (found.has(file)) return
    found.add(file)
    importsOf(file).forEach(visit)
  }
  files.forEach(visit)
  return [...found]
}

it('builds the pages again when a source of the server that is in them changes', () => {
  const pages = globSync('web/src/**/*.{ts,tsx}', { cwd: root, exclude: ['**/*.test.ts', '**/*.d.ts'] })
  const shared = pages.flatMap(importsOf).filter((file) => file.startsWith('server/'))
  expect([...sharedByServer].sort()).toEqual(withImports(shared).sort())
})
