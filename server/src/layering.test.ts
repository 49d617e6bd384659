import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

/** A file of the server, by its path below `server/`. */
type SourceFile = { path: string; text: string }
/** Where something may stand: a pattern of paths, and why. */
type Place = { where: RegExp; because: string }
type Rule = { name: string; concerns(file: SourceFile): boolean; places: Place[] }

const http: Rule = {
  name: 'Fastify',
  concerns: (file) => importsOf(file).some((each) => /^(fastify|@fastify\/.+|fastify-.+)$/.test(each)),
  places: [
    { where: /\.routes\.ts$/, because: 'routes declare themselves to Fastify' },
    { where: /^src\/app\.ts$/, because: 'it puts the server together' },
    { where: /^src\/http\//, because: 'everything else that knows Fastify' },
    { where: /^src\/access\//, because: 'the guard is a hook' },
    { where: /^src\/openapi\//, because: 'the document is made from the routes' },
    { where: /^src\/rate-limit\/limits\.ts$/, because: 'it writes the headers' },
    { where: /^src\/start\/drain\.ts$/, because: 'it closes the server when the process ends' },
  ],
}

const sql: Rule = {
  name: 'Kysely or pg',
  concerns: (file) => importsOf(file).some((each) => /^(kysely|pg|pg-.+)$/.test(each)),
  places: [
    { where: /\.queries\.ts$/, because: 'all SQL of a noun' },
    { where: /^src\/db\//, because: 'the connection, the tables and the migrations' },
    { where: /^src\/http\/health\.routes\.ts$/, because: 'whether the database answers is its only question' },
    { where: /^src\/embedded-postgres\//, because: 'it waits for the server that it starts' },
    { where: /^src\/start\/database-server\.ts$/, because: 'it looks at a server before there is a pool' },
    { where: /^src\/backup\//, because: 'it copies tables as streams, whatever stands in them' },
    { where: /^src\/jobs\//, because: 'pg-boss keeps the queue' },
  ],
}

const environment: Rule = {
  name: 'process.env',
  concerns: ({ text }) => /\bprocess\s*(\?\.|\.)\s*env\b|\benv\b[^\n]*from 'node:process'/.test(text),
  places: [
    { where: /^src\/config\.ts$/, because: 'one typed schema reads it' },
    { where: /^src\/main\.ts$/, because: 'the server’s start hands it to the configuration' },
    { where: /^src\/start\//, because: 'start code' },
    { where: /^src\/backup\/command\.ts$/, because: 'a command’s start, like main.ts' },
    { where: /^src\/people\/reset-password\.ts$/, because: 'a command’s start, like main.ts' },
  ],
}

const routes: Rule = {
  name: 'another noun’s routes',
  concerns: (file) => importsOf(file).some((each) => isForeignRoutes(file, each)),
  places: [{ where: /^src\/app\.ts$/, because: 'the one list of all features' }],
}

const linesMax = 300

function isForeignRoutes({ path }: SourceFile, imported: string): boolean {
  if (!/\.routes\.[jt]s$/.test(imported)) return false
  return !(imported.startsWith('./') && !imported.slice(2).includes('/') && path.endsWith('.routes.ts'))
}

/** What a file imports, statically or not. */
function importsOf({ text }: SourceFile): string[] {
  return [
    ...text.matchAll(/^(?:import|export|\})[^\n]*?from\s*'([^']+)'|^import\s*'([^']+)'|\bimport\(\s*'([^']+)'/gm),
  ].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '')
}

function strays(rule: Rule, files: SourceFile[]): string[] {
  return files
    .filter((file) => rule.concerns(file) && !rule.places.some(({ where }) => where.test(file.path)))
    .map((file) => file.path)
}

function linesOf({ text }: SourceFile): number {
  return text.replace(/\n$/, '').split('\n').length
}

function isMisnamed({ path }: SourceFile): boolean {
  return /(^|\/)(utils?|helpers?|services?)(\/|\.ts$)|(^|\/)index\.[mc]?tsx?$/.test(path)
}

const root = join(import.meta.dirname, '..')

function filesBelow(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[mc]?tsx?$/.test(name))
    .map((name) => ({
      path: `${folder}/${name.replaceAll('\\', '/')}`,
      text: readFileSync(join(root, folder, name), 'utf8'),
    }))
}

const all = [...filesBelow('src'), ...filesBelow('test')]
const sources = all.filter(({ path }) => path.startsWith('src/') && !path.endsWith('.test.ts'))

describe('the layers', () => {
  it('are looked at where the code is', () => {
    expect(sources.length).toBeGreaterThan(50)
    expect(strays({ ...http, places: [] }, sources)).toContain('src/app.ts')
  })

  it.each([http, sql, environment, routes].map((rule) => [rule.name, rule] as const))(
    'keep %s in its place',
    (_, rule) => {
      expect(strays(rule, sources)).toEqual([])
    },
  )

  it.each(
    [http, sql].flatMap((rule) => rule.places.map(({ where, because }) => [rule.name, because, where, rule] as const)),
  )('need %s where %s', (_name, _because, where, rule) => {
    expect(sources.some((file) => where.test(file.path) && rule.concerns(file))).toBe(true)
  })
})

describe('the files', () => {
  it(`have ${linesMax} lines at most`, () => {
    const long = all.filter((file) => linesOf(file) > linesMax).map((file) => `${file.path}: ${linesOf(file)}`)
    expect(long).toEqual([])
  })

  it('are named after what they hold, and re-export nothing through an index', () => {
    expect(all.filter(isMisnamed).map(({ path }) => path)).toEqual([])
  })
})

describe('this test', () => {
  it.each([
    ['a rule that imports Fastify', http, 'src/forms/form.ts', `import type { FastifyReply } from 'fastify'`],
    ['a plugin in a query', http, 'src/forms/forms.queries.ts', `import swagger from '@fastify/swagger'`],
    ['SQL in a route', sql, 'src/forms/forms.routes.ts', `import { sql } from 'kysely'`],
    ['a pool of its own', sql, 'src/forms/form.ts', `import pg from 'pg'`],
    ['an import over several lines', sql, 'src/forms/form.ts', `import {\n  sql,\n} from 'kysely'`],
    ['an import that waits', sql, 'src/forms/form.ts', `const { sql } = await import('kysely')`],
    ['a re-export', sql, 'src/forms/form.ts', `export { sql } from 'kysely'`],
    ['another noun’s routes', routes, 'src/forms/forms.routes.ts', `import { x } from '../drafts/drafts.routes.ts'`],
    ['routes in a rule', routes, 'src/forms/form.ts', `import { formsRoutes } from './forms.routes.ts'`],
    ['the environment in a rule', environment, 'src/forms/form.ts', 'const debug = process.env.DEBUG'],
    ['the environment by its module', environment, 'src/forms/form.ts', `import { env } from 'node:process'`],
  ])('finds %s', (_, rule, path, text) => {
    expect(strays(rule, [{ path, text }])).toEqual([path])
  })

  it.each([
    ['Fastify in a route', http, 'src/forms/forms.routes.ts', `import type { FastifyReply } from 'fastify'`],
    ['Kysely in a query', sql, 'src/forms/forms.queries.ts', `import { sql } from 'kysely'`],
    ['a noun’s own second routes', routes, 'src/people/set-up.routes.ts', `import { x } from './auth.routes.ts'`],
    ['another noun’s queries', routes, 'src/forms/forms.routes.ts', `import { x } from '../drafts/drafts.queries.ts'`],
    ['a word that merely begins alike', sql, 'src/forms/form.ts', `import { x } from './pg.ts'`],
  ])('lets pass %s', (_, rule, path, text) => {
    expect(strays(rule, [{ path, text }])).toEqual([])
  })

  it.each(['src/utils/x.ts', 'src/forms/helpers.ts', 'src/services/forms.ts', 'src/forms/index.ts', 'test/helpers.ts'])(
    'finds the name %s',
    (path) => {
      expect(isMisnamed({ path, text: '' })).toBe(true)
    },
  )

  it('counts the last line once, with or without its end', () => {
    expect([linesOf({ path: '', text: 'a\nb\n' }), linesOf({ path: '', text: 'a\nb' })]).toEqual([2, 2])
  })
})
