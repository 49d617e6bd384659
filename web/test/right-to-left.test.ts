import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestForm } from '../../server/test/harness.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium } from './chromium.ts'

/** As narrow as a phone. */
const viewport = { width: 390, height: 844 }

describeInChromium('from right to left, on a phone', browserTimeout, () => {
  let app: BrowserApp
  let form: TestForm
  let owner: Page
  let stranger: Page
  beforeAll(async () => {
    app = await openBrowserApp()
    form = await app.api.addForm()
    await app.api.database.db.updateTable('app_user').set({ server_owner: true }).execute()
    owner = (await app.asOwner({ viewport })).page
    stranger = (await app.asStranger({ viewport })).page
  })
  afterAll(() => app.close())

  /** How many pixels of the page lie outside of the window, once it is turned around. */
  async function overhang(page: Page, path: string): Promise<number> {
    await page.goto(path)
    await page.locator('h1').waitFor()
    await page.waitForLoadState('networkidle')
    return page.evaluate(() => {
      document.documentElement.dir = 'rtl'
      return document.documentElement.scrollWidth - document.documentElement.clientWidth
    })
  }

  it.each(['/app/sign-in', '/app/set-up#token=x', '/app/accept-invitation#token=x', '/app/pages/terms'])(
    'does not scroll sideways: %s',
    async (path) => {
      expect(await overhang(stranger, path)).toBe(0)
    },
  )

  it.each(['/app', '/app/account', '/app/people', '/app/api-specification'])(
    'does not scroll sideways: %s',
    async (path) => {
      expect(await overhang(owner, path)).toBe(0)
    },
  )

  it('does not scroll sideways: a submission, and the page that respondents meet', async () => {
    const submission = await app.api.submit(form)
    expect(await overhang(owner, `/app/form/view?f=${form.formId}&s=${submission}`)).toBe(0)
    expect(await overhang(stranger, `/app/form/submit?f=${form.formId}`)).toBe(0)
  })

  it.each(['submissions', 'export', 'share', 'manage', 'manage?section=team', 'manage?section=api-key'])(
    'does not scroll sideways: a form’s %s',
    async (path) => {
      const join = path.includes('?') ? '&' : '?'
      expect(await overhang(owner, `/app/form/${path}${join}f=${form.formId}`)).toBe(0)
    },
  )
})
