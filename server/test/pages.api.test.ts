import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pageNames } from '../src/pages/page.ts'
import { expectProblem } from './expect-problem.ts'
import { type Api, ok, openApi } from './harness.ts'

let api: Api
let pagesDir: string

beforeAll(async () => {
  pagesDir = await mkdtemp(join(tmpdir(), 'pages-'))
  api = await openApi({ pagesDir })
})
afterAll(async () => {
  await api.close()
  await rm(pagesDir, { recursive: true })
})

const get = (name: string, lang?: string) =>
  api.call('GET', `/pages/${name}`, lang === undefined ? {} : { query: { lang } })
const write = (file: string, text: string) => writeFile(join(pagesDir, file), text)

describe('a page that nobody wrote yet', () => {
  it.each(
    pageNames.flatMap((name) => [
      [name, 'en', 'Whoever runs this server'],
      [name, 'fr', 'L’exploitant de ce serveur'],
    ]),
  )('is ours: %s in %s says so', async (name, lang, words) => {
    const page = ok(await get(name, lang))
    expect(page).toMatchObject({ lang, updatedAt: null, isDefault: true })
    expect(page.title.length).toBeGreaterThan(5)
    expect(page.html).toContain(`<strong>${words}`)
    expect(page.html).not.toContain('<h1')
  })

  it.each([
    [undefined, 'en'],
    ['de', 'en'],
    ['fr-CA', 'fr'],
    ['en-GB', 'en'],
  ])('is for readers of %s the one in %s', async (lang, shown) => {
    expect(ok(await get('security', lang)).lang).toBe(shown)
  })
})

describe('a page of the operator', () => {
  it('takes the place of ours, with its title and its time', async () => {
    await write('terms.md', '\uFEFF# Our terms\n\nFair *play*.\n')
    expect(ok(await get('terms'))).toEqual({
      title: 'Our terms',
      html: '<p>Fair <em>play</em>.</p>\n',
      lang: null,
      updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      isDefault: false,
    })
  })

  it('shows a change at once, and ours again when it is gone', async () => {
    await write('accessibility.md', '# One')
    expect(ok(await get('accessibility')).title).toBe('One')
    await write('accessibility.md', '# Another')
    expect(ok(await get('accessibility')).title).toBe('Another')
    await rm(join(pagesDir, 'accessibility.md'))
    expect(ok(await get('accessibility')).isDefault).toBe(true)
  })

  it('is the most exact one for the reader’s language', async () => {
    await write('privacy.md', '# All')
    await write('privacy.fr.md', '# Français')
    await write('privacy.fr-CA.md', '# Canada')
    const shown = async (lang: string) => {
      const page = ok(await get('privacy', lang))
      return [page.title, page.lang]
    }
    expect(await shown('fr-CA')).toEqual(['Canada', 'fr-CA'])
    expect(await shown('fr-FR')).toEqual(['Français', 'fr'])
    expect(await shown('en')).toEqual(['All', null])
  })

  it('holds no HTML but what Markdown makes', async () => {
    await write(
      'security.en.md',
      '# S\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) [y](https://example.org)',
    )
    const { html } = ok(await get('security', 'en'))
    expect(html).not.toContain('<script')
    expect(html).not.toContain('javascript:')
    expect(html).toContain('<a href="https://example.org" rel="noopener noreferrer">y</a>')
  })

  it('is not a folder of that name, and has the page’s name for a title when it has no heading', async () => {
    await mkdir(join(pagesDir, 'service-agreement.md'))
    expect(ok(await get('service-agreement')).isDefault).toBe(true)
    await write('service-agreement.en.md', 'No heading.')
    expect(ok(await get('service-agreement', 'en')).title).toBe('service-agreement')
  })
})

describe('GET pages', () => {
  it.each(['imprint', 'Terms', 'terms.md', '..%2Fterms', 'constructor'])('knows no page %s', async (name) => {
    expectProblem(await get(name), 404, 'not_found')
  })

  it.each(['../en', 'en/../../x', 'e', 'en.md', 'english-'])('refuses the language %j', async (lang) => {
    expectProblem(await get('terms', lang), 400, 'invalid_query')
  })

  it('is for everybody, counted like other calls', async () => {
    const response = await get('terms')
    expect(response.statusCode).toBe(200)
    expect(response.headers).toHaveProperty('ratelimit')
  })

  it('takes no key', async () => {
    const { key } = await api.addForm()
    expectProblem(await api.call('GET', '/pages/terms', { as: key }), 401, 'unauthorized')
  })
})
