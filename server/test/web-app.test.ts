import { readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { webRoutes } from '../src/web/web.routes.ts'

const dist = fileURLToPath(new URL('../../web/dist/', import.meta.url))
const read = (file: string) => readFileSync(`${dist}${file}`, 'utf8')

/** The scripts and style sheets that a document names. */
function namedIn(document: string): string[] {
  return [...read(document).matchAll(/"\/app\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, name = '']) => name)
}

/** The scripts that a document names, with all that they import, by `import()` too. */
function scriptsOf(document: string): string[] {
  const found = new Set<string>()
  const add = (name: string) => {
    if (found.has(name)) return
    found.add(name)
    for (const [, imported = ''] of read(`assets/${name}`).matchAll(/["'`]\.\/([\w.-]+\.js)["'`]/g)) add(imported)
  }
  for (const name of namedIn(document)) if (name.endsWith('.js')) add(name.replace('assets/', ''))
  return [...found]
}

/** Words that stay in each package when it is minified. */
const markers = {
  react: 'react.transitional.element',
  'react-dom': 'react.suspense_list',
  router: 'routeTree',
  query: 'mutationCache',
  i18next: 'initReactI18next',
  'form.io': 'formio-errors',
}

function packagesIn(document: string): string[] {
  const code = scriptsOf(document).map((name) => read(`assets/${name}`))
  return Object.entries(markers)
    .filter(([, marker]) => code.some((text) => text.includes(marker)))
    .map(([name]) => name)
}

describe('the documents load', () => {
  it('for respondents: neither React nor router, query or form.io', () => {
    expect(scriptsOf('submit.html').length).toBeGreaterThan(2)
    expect(packagesIn('submit.html')).toEqual([])
  })

  it('for owners: no form.io', () => {
    expect(packagesIn('app.html')).toEqual(Object.keys(markers).filter((name) => name !== 'form.io'))
  })

  it('in the frame: form.io, and first of all, for it is most of the bytes', () => {
    expect(packagesIn('frame.html')).toEqual(['form.io'])
    const named = namedIn('frame.html').filter((name) => name.endsWith('.js'))
    const sizes = named.map((name) => statSync(`${dist}${name}`).size)
    expect(sizes[0]).toBe(Math.max(...sizes))
    expect(read(named[0] ?? '')).toContain(markers['form.io'])
  })

  it('at most 400 KB, compressed, until a form can be filled in', () => {
    const files = ['submit.html', 'frame.html'].flatMap((document) => [document, ...namedIn(document)])
    const bytes = files.reduce((sum, file) => sum + statSync(`${dist}${file}.br`).size, 0)
    expect(bytes).toBeLessThan(400_000)
  })
})

describe('the files of the pages', () => {
  const app = Fastify()
  beforeAll(async () => {
    await app.register(webRoutes({ publicUrl: undefined }))
  })
  afterAll(() => app.close())

  const names = readdirSync(`${dist}assets`).filter((name) => /\.(js|css)$/.test(name))
  const [sheet = ''] = names.filter((name) => /^submit-.*\.css$/.test(name))
  const get = (name: string, accepted?: string) =>
    app.inject({ url: `/app/assets/${name}`, headers: accepted === undefined ? {} : { 'accept-encoding': accepted } })

  it('are there compressed already, all of them', () => {
    const all = new Set(readdirSync(`${dist}assets`))
    expect(names.filter((name) => !all.has(`${name}.br`) || !all.has(`${name}.gz`))).toEqual([])
  })

  it.each<[string | undefined, string | undefined]>([
    ['gzip, deflate, br, zstd', 'br'],
    ['br', 'br'],
    ['gzip, deflate', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0, gzip;q=0', undefined],
    ['identity', undefined],
    [undefined, undefined],
  ])('come as the browser wants them: %s → %s', async (accepted, encoding) => {
    const reply = await get(sheet, accepted)
    expect(reply.statusCode).toBe(200)
    expect(reply.headers['content-encoding']).toBe(encoding)
    expect(reply.headers['content-type']).toMatch(/^text\/css/)
    const body = reply.rawPayload
    const unpack = { br: brotliDecompressSync, gzip: gunzipSync }
    const text = encoding === 'br' || encoding === 'gzip' ? unpack[encoding](body) : body
    expect(text.toString()).toBe(read(`assets/${sheet}`))
  })

  it('are kept for a year and never asked for again, apart by encoding', async () => {
    const { headers } = await get(sheet, 'br')
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(headers.vary).toMatch(/accept-encoding/i)
  })

  it('are named by documents that are asked for each time', async () => {
    const first = await app.inject({ url: '/app/form/submit?f=1' })
    expect(first.headers['cache-control']).toBe('no-cache')
    const etag = String(first.headers.etag)
    const again = await app.inject({ url: '/app/form/submit?f=1', headers: { 'if-none-match': etag } })
    expect(again.statusCode).toBe(304)
  })
})
