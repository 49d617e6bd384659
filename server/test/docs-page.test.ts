import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Api, openApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await openApi()
})
afterAll(() => api.close())

describe('the document', () => {
  it('comes as JSON and as YAML, and both say the same', async () => {
    const [json, yaml] = [await api.call('GET', '/api-spec.json'), await api.call('GET', '/api-spec.yaml')]
    expect(json.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(yaml.headers['content-type']).toBe('application/yaml; charset=utf-8')
    expect(json.json()).toMatchObject({ openapi: '3.1.0', info: { title: 'Formgate' } })
    expect(parse(yaml.body)).toEqual(json.json())
  })

  it.each(['/api-spec.json', '/api-spec.yaml', '/docs', '/docs/scalar.js', '/docs/start.js'])(
    'sends %s once: who has it already gets 304',
    async (path) => {
      const first = await api.call('GET', path)
      const headers = { 'if-none-match': String(first.headers.etag) }
      const second = await api.call('GET', path, { headers })
      expect([first.statusCode, second.statusCode]).toEqual([200, 304])
      expect(second.body).toBe('')
      const other = await api.call('GET', path, { headers: { 'if-none-match': 'W/"another"' } })
      expect(other.statusCode).toBe(200)
    },
  )

  it('sends the viewer compressed to those who can read that', async () => {
    const sizes = await Promise.all(
      ['br', 'gzip, deflate', ''].map(async (encoding) => {
        const reply = await api.call('GET', '/docs/scalar.js', { headers: { 'accept-encoding': encoding } })
        return { encoding: reply.headers['content-encoding'], bytes: reply.rawPayload.length }
      }),
    )
    expect(sizes.map(({ encoding }) => encoding)).toEqual(['br', 'gzip', undefined])
    const [brotli = 0, gzip = 0, plain = 0] = sizes.map(({ bytes }) => bytes)
    expect(brotli).toBeLessThan(gzip)
    expect(gzip).toBeLessThan(plain / 3)
  })

  it('refuses the viewer everything but scripts and data of this server', async () => {
    const policy = String((await api.call('GET', '/docs')).headers['content-security-policy']).split('; ')
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
      ]),
    )
  })
})

// The viewer is five megabytes of script: seconds on a quick machine, and many on a busy one.
// On a machine without Chromium this is skipped; in CI a skipped test is a failure, so there it fails instead.
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
describe.skipIf(executablePath === undefined && process.env.CI !== 'true')(
  'the page, in Chromium',
  { timeout: 120_000 },
  () => {
    let browser: Browser
    let origin: string
    beforeAll(async () => {
      const { server } = api.app
      if (!server.listening) await api.app.listen({ host: '127.0.0.1', port: 0 })
      const address = server.address()
      if (typeof address !== 'object' || address === null) throw new Error('The server listens on no port.')
      origin = `http://127.0.0.1:${address.port}`
      browser = await chromium.launch({ executablePath: executablePath ?? '/usr/bin/chromium', args })
    })
    afterAll(() => browser?.close())

    it('shows the operations, asks no other host and breaks none of its rules', async () => {
      const { page, requests, complaints } = await open(
        browser,
        origin,
        'submissions/GET/app/api/v1/submissions/{formSubmissionId}',
      )
      await page.getByRole('heading', { name: 'Get submission' }).waitFor()
      expect(await page.getByRole('heading', { name: 'Update submission' }).isVisible()).toBe(true)
      expect(await page.getByText('Authorization: the API key').first().isVisible()).toBe(true)
      expect(requests.filter(({ url }) => new URL(url).origin !== origin)).toEqual([])
      expect(requests.map(({ url }) => new URL(url).pathname.replace('/app/api/v1/', '')).sort()).toEqual([
        'api-spec.json',
        'docs',
        'docs/scalar.js',
        'docs/start.js',
      ])
      expect(complaints).toEqual([])
      await page.close()
    })

    it('tries an operation out with a key, directly at this server', async () => {
      const form = await api.addForm()
      const { page, requests, complaints } = await open(browser, origin, 'forms/GET/app/api/v1/forms/{formId}')
      await page.getByRole('button', { name: 'Test Request (get /app/api/v1/forms/{formId})', exact: true }).click()
      const dialog = page.getByRole('dialog')
      await fill(page, dialog.getByRole('combobox', { name: 'Username' }), form.formId)
      await dialog.getByPlaceholder('********').fill(form.secret)
      await fill(page, dialog.getByRole('combobox', { name: 'Value' }).first(), form.formId)
      const asked = page.waitForResponse((response) => response.url().includes(`/forms/${form.formId}`))
      await dialog.getByRole('button', { name: 'Send' }).first().click()
      const reply = await asked
      expect(reply.status()).toBe(200)
      expect(await reply.json()).toMatchObject({ id: form.formId })
      const basic = Buffer.from(`${form.formId}:${form.secret}`).toString('base64')
      expect(reply.request().headers().authorization).toBe(`Basic ${basic}`)
      expect(requests.filter(({ url }) => new URL(url).origin !== origin)).toEqual([])
      expect(complaints).toEqual([])
      expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain(form.secret)
      await page.close()
    })

    it('fits a telephone', async () => {
      const { page } = await open(browser, origin, 'submissions')
      await page.setViewportSize({ width: 390, height: 844 })
      await page.getByRole('heading', { name: 'Create submission' }).first().waitFor()
      expect(await page.locator('html').evaluate((html) => html.scrollWidth)).toBe(390)
      await page.close()
    })
  },
)

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Opens the page at an operation, and keeps what it asks for and what the browser complains about. */
async function open(browser: Browser, origin: string, operation: string) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } })
  page.setDefaultTimeout(60_000)
  const requests: { url: string }[] = []
  const complaints: string[] = []
  page.on('request', (request) => requests.push({ url: request.url() }))
  page.on('pageerror', (error) => complaints.push(error.message))
  // A breach of the Content-Security-Policy is an error on the console.
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  await page.goto(`${origin}/app/api/v1/docs#tag/${operation}`)
  return { page, requests, complaints }
}

/** Replaces the text of an editable element, which is no input. */
async function fill(page: Page, target: ReturnType<Page['locator']>, text: string): Promise<void> {
  await target.click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(text)
}
