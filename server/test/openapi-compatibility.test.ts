import { existsSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { operationsOf } from '../src/openapi/complete.ts'
import { generateDocument } from '../src/openapi/generate.ts'

const page = readFileSync(new URL('../../docs/chefs-compatibility.md', import.meta.url), 'utf8')
const [here = '', ours = '', notYet = ''] = page
  .slice(page.indexOf('## What is here'))
  .split(/## Ours alone|## What is not here yet/)
const listed = rowsOf(here)
const listedAsOurs = rowsOf(ours)
const missing = [...notYet.matchAll(/`([A-Z]+ \/[^`]*)`/g)].map(([, name = '']) => name)
/** The document itself is not among the operations that it describes. */
const ofTheDocument = ['GET /docs', 'GET /api-spec.json', 'GET /api-spec.yaml']

describe('docs/chefs-compatibility.md', () => {
  let offered: Map<string, string>
  beforeAll(async () => {
    const operations = operationsOf(JSON.parse(await generateDocument()))
    const described = operations.filter(({ operation }) => !operation.tags.includes('people'))
    offered = new Map(
      described.map(({ method, path, operation }) => [
        `${method} ${path.replace('/app/api/v1', '')}`,
        waysOf(operation.security.flatMap((each) => Object.keys(each))),
      ]),
    )
  })

  it('lists the operations that are here, each with its authorization', () => {
    const shown = [...listed].filter(([name]) => !ofTheDocument.includes(name))
    expect(new Map([...shown, ...listedAsOurs].sort())).toEqual(new Map([...offered].sort()))
  })

  it('lists nothing as missing that is here', () => {
    expect(missing.filter((name) => offered.has(name))).toEqual([])
  })

  it('gives the right number of operations', () => {
    expect(page.replaceAll('\n', ' ')).toContain(`${listed.size} are here`)
  })

  // The list of CHEFS's operations lies beside the repository where Formgate is developed, not in it.
  const contract = new URL('../../../shared/contract/chefs-api-v1.json', import.meta.url)
  if (existsSync(contract)) {
    it('leaves none of the operations of CHEFS out', () => {
      const operations: { method: string; path: string }[] = JSON.parse(readFileSync(contract, 'utf8'))
      const ofChefs = operations.map(({ method, path }) => `${method} ${path}`)
      expect([...listed.keys(), ...missing].sort()).toEqual(ofChefs.sort())
      expect([...listedAsOurs.keys()].filter((name) => ofChefs.includes(name))).toEqual([])
    })
  }
})

function rowsOf(section: string): Map<string, string> {
  const rows = section.matchAll(/^\| `([A-Z]+ \/[^`]*)` \| ([^|]+) \|/gm)
  return new Map([...rows].map(([, name = '', ways = '']) => [name, ways]))
}

function waysOf(schemes: string[]): string {
  if (schemes.length === 0) return 'none'
  return schemes.includes('BasicAuth') ? 'key or session' : 'session'
}
