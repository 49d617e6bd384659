import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import powerQuery from '@microsoft/powerquery-parser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestForm } from './harness.ts'
import { type Feed, farmFields, openFeed } from './odata-app.ts'

/** The programs that the documentation shows, run as they stand there. */

const run = promisify(execFile)
const isCI = process.env.CI === 'true'
const root = join(import.meta.dirname, '../..')

let feed: Feed
let form: TestForm
let origin: string
let folder: string
beforeAll(async () => {
  feed = await openFeed()
  await feed.api.app.listen({ port: 0, host: '127.0.0.1' })
  origin = `http://127.0.0.1:${(feed.api.app.server.address() as AddressInfo).port}` // a TCP server's address is no string
  form = await feed.addForm(...farmFields)
  const data = Array.from({ length: 700 }, (_, n) => ({ name: `Name ${n} é`, fields: [{ crop: 'hay' }] }))
  for (let count = 0; count < 3; count += 1) {
    const path = `/forms/${form.formId}/versions/${form.versionId}/multiSubmission`
    const reply = await feed.api.call('POST', path, { as: form.key, body: { submission: { data } } })
    expect(reply.statusCode).toBe(201)
  }
  folder = await mkdtemp(join(tmpdir(), 'formgate-programs-'))
  await writeFile(
    join(folder, 'duckdb'),
    `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'server/test/duckdb-command.ts')}" "$@"\n`,
  )
  await chmod(join(folder, 'duckdb'), 0o755)
})
afterAll(() => feed.api.close())

/** The blocks of a language behind a heading of a page. */
async function programsIn(page: string, heading: string, language: string): Promise<string[]> {
  const text = await readFile(join(root, page), 'utf8')
  const [section = ''] = (text.split(`\n## ${heading}\n`)[1] ?? '').split('\n## ')
  return [...section.matchAll(/```(\w+)\n(.*?)```/gs)].flatMap(([, name, code = '']) =>
    name === language ? [code] : [],
  )
}

async function outputOf(command: string, file: string, program: string): Promise<string> {
  await writeFile(join(folder, file), program.replaceAll('http://localhost:3000', origin))
  const env = {
    ...process.env,
    FORM: form.formId,
    FORM_ID: form.formId,
    API_KEY: form.secret,
    PATH: `${folder}:${process.env.PATH}`,
    // R prints no letter that the locale does not have.
    LC_ALL: 'C.UTF-8',
  }
  return (await run(command, [file], { cwd: folder, env })).stdout
}

const works = (command: string, ...parts: string[]) =>
  run(command, parts).then(
    () => true,
    () => false,
  )
// Debian's own Python has Debian's pandas, whichever Python comes first on the path.
const pythons = ['python3', '/usr/bin/python3']
const havePandas = await Promise.all(pythons.map((each) => works(each, '-c', 'import pandas')))
const python = pythons[havePandas.indexOf(true)]
const hasR = await works('Rscript', '-e', 'library(httr2); library(jsonlite); library(vctrs)')
const hasCurl = await works('curl', '--version')

const readme = ['README.md', 'Power BI, Excel, pandas, R, DuckDB'] as const
const page = ['docs/odata.md', 'Programs'] as const

describe.skipIf(!python && !isCI)('with pandas', () => {
  it('one line of the README reads all submissions', async () => {
    const [program = ''] = await programsIn(...readme, 'python')
    expect(await outputOf(python ?? 'python3', 'program.py', program)).toContain('[2100 rows x')
  })

  it('the program of the page reads all pages', async () => {
    const [program = ''] = await programsIn(...page, 'python')
    expect(await outputOf(python ?? 'python3', 'program.py', program)).toBe('2100\n')
  })
})

describe.skipIf(!hasR && !isCI)('with R', () => {
  it('the lines of the README read the newest submissions', async () => {
    const [program = ''] = await programsIn(...readme, 'r')
    expect(await outputOf('Rscript', 'program.R', program)).toContain('Name 699 é')
  })

  it('the program of the page reads all pages', async () => {
    const [program = ''] = await programsIn(...page, 'r')
    expect(await outputOf('Rscript', 'program.R', program)).toBe('2100')
  })
})

describe.skipIf(!hasCurl && !isCI)('with DuckDB', () => {
  it('one line of the README counts submissions by status', async () => {
    const [program = ''] = await programsIn(...readme, 'sh')
    expect(JSON.parse(await outputOf('sh', 'program.sh', program))).toEqual([['SUBMITTED', '2100']])
  })
})

describe('in Power Query', () => {
  it.each([readme, page])('the query of %s is well-formed M, by Microsoft’s own parser', async (...place) => {
    const [program = ''] = await programsIn(place[0], place[1], 'm')
    expect(program).toContain('OData.Feed(')
    const { TaskUtils, DefaultSettings } = powerQuery
    const parsed = await TaskUtils.tryLexParse(DefaultSettings, program)
    expect(TaskUtils.isParseStageOk(parsed)).toBe(true)
    expect(TaskUtils.isParseStageOk(await TaskUtils.tryLexParse(DefaultSettings, `${program})`))).toBe(false)
  })
})
