import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ok, type TestForm } from '../../server/test/harness.ts'
import { embedCode } from '../src/pages/share/embed-code.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium } from './chromium.ts'

describeInChromium('the share page', browserTimeout, () => {
  let app: BrowserApp
  let form: TestForm
  beforeAll(async () => {
    app = await openBrowserApp()
    form = await app.api.addForm()
  })
  afterAll(() => app?.close())

  it('copies the link and says who may submit', async () => {
    const watched = await app.asOwner({ permissions: ['clipboard-read', 'clipboard-write'] })
    const { page } = watched
    await page.goto(`/app/form/share?f=${form.formId}`)
    await page.getByText('Everybody who has the link may submit, without signing in.').waitFor()
    await page.getByRole('button', { name: 'Copy Link to the form' }).click()
    await page.getByText('Copied').first().waitFor()
    const link = `${app.origin}/app/form/submit?f=${form.formId}`
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link)
    expect(watched.foreignRequests).toEqual([])
    expect(watched.policyViolations).toEqual([])
    await page.context().close()
  })

  it('gives the QR code as a PNG and an SVG named like the form', async () => {
    const { page } = await app.asOwner()
    await page.goto(`/app/form/share?f=${form.formId}`)
    const save = async (button: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: button }).click(),
      ])
      return { name: download.suggestedFilename(), content: await readFile(await download.path()) }
    }
    const png = await save('Download PNG')
    expect(png.name).toBe('survey-qr.png')
    expect(png.content.subarray(1, 4).toString()).toBe('PNG')
    const svg = await save('Download SVG')
    expect(svg.name).toBe('survey-qr.svg')
    expect(svg.content.toString()).toContain('<svg xmlns')
    await page.context().close()
  })

  it('warns that a form without a published version takes no submissions', async () => {
    const draft = ok(await app.api.call('POST', '/forms', { as: app.api.owner, body: { name: 'Draft' } }))
    const { page } = await app.asOwner()
    await page.goto(`/app/form/share?f=${draft.id}`)
    await page.getByRole('link', { name: 'Publish one in Design' }).waitFor()
    await page.getByText('Only forms that everybody may submit').waitFor()
    await page.context().close()
  })

  it('embeds in a page of another site, as high as the form is', async () => {
    const html = `<!doctype html><title>Elsewhere</title>${embedCode(app.origin, form.formId, 'A "form" <here>')}`
    const site = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(html))
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
    const { port } = site.address() as AddressInfo // a TCP server's address is no string
    const { page } = await app.asStranger()
    await page.goto(`http://127.0.0.1:${port}/`)
    const frame = page.getByTitle('A "form" <here>')
    await expect.poll(() => frame.getAttribute('height')).not.toBe('600')
    expect(Number(await frame.getAttribute('height'))).toBeGreaterThan(200)
    await page.context().close()
    await new Promise((resolve) => site.close(resolve))
  })
})
