import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium } from './chromium.ts'

describeInChromium('the pages of whoever runs the server', browserTimeout, () => {
  let app: BrowserApp
  let pagesDir: string
  beforeAll(async () => {
    pagesDir = await mkdtemp(join(tmpdir(), 'formgate-pages-'))
    const hostile =
      '# Our privacy\n\nWe keep *little*. <img src=x onerror="window.bad = 1"><script>window.bad = 1</script>'
    await writeFile(join(pagesDir, 'privacy.md'), hostile)
    app = await openBrowserApp({ pagesDir })
  })
  afterAll(async () => {
    await app.close()
    await rm(pagesDir, { recursive: true })
  })

  it('shows what the operator wrote, and runs nothing of it', async () => {
    const { page, ...watched } = await app.asStranger()
    await page.goto('/app/pages/privacy')
    await page.getByRole('heading', { level: 1, name: 'Our privacy' }).waitFor()
    expect(await page.locator('.operator-text em').textContent()).toBe('little')
    expect(await page.locator('.operator-text img, .operator-text script').count()).toBe(0)
    expect(await page.getByText('This is the text that comes with Formgate').count()).toBe(0)
    expect(watched).toMatchObject({ foreignRequests: [], policyViolations: [], errors: [] })
    await page.context().close()
  })

  it('says where the operator has written nothing, in the reader’s language', async () => {
    const { page } = await app.asStranger({ locale: 'fr-CA' })
    await page.goto('/app')
    await page.getByRole('link', { name: 'Conditions d’utilisation' }).click()
    await page.getByText('Ce texte est fourni avec Formgate').waitFor()
    await page.context().close()
  })

  it('knows no other pages', async () => {
    const { page } = await app.asStranger()
    await page.goto('/app/pages/nothing')
    await page.getByRole('heading', { name: 'Page not found' }).waitFor()
    await page.context().close()
  })
})
