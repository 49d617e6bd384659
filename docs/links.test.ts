import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const pages = ['.', 'docs', 'docs/decisions']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name)))
  .filter((file) => file.endsWith('.md'))

/** Targets of a page's links that lie in this repository. */
function localTargets(file: string): string[] {
  const targets = [...readFileSync(file, 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = '']) => target)
  return targets.filter((target) => !/^(https?:|mailto:|\/)/.test(target))
}

describe('the documentation', () => {
  it.each(pages.map((file) => [relative(root, file), file]))('%s links to files that exist', (_, file) => {
    const missing = localTargets(file).filter((target) => !existsSync(join(dirname(file), target)))
    expect(missing).toEqual([])
  })
})
