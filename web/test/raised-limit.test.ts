import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestForm } from '../../server/test/harness.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { twoLooks, wrongWith } from './axe.ts'
import { browserTimeout, describeInChromium } from './chromium.ts'

describeInChromium('a raised limit', browserTimeout, () => {
  let app: BrowserApp
  let form: TestForm
  beforeAll(async () => {
    app = await openBrowserApp({ rateLimit: { apiKey: 20, others: 100_000, windowMs: 60_000 } })
    form = await app.api.addForm()
  }, 120_000)
  afterAll(() => app?.close())

  const open = async () => {
    const { page } = await app.asOwner()
    await page.goto(`/app/form/manage?f=${form.formId}&section=api-key`)
    await page.getByText('RateLimit-Policy').first().waitFor()
    await page.waitForLoadState('networkidle')
    return page
  }
  const limitNow = async () =>
    (await app.api.call('GET', `/forms/${form.formId}`, { as: form.key })).headers['ratelimit-policy']

  it('is set by the owner of the server alone', async () => {
    const page = await open()
    expect(await page.getByRole('button', { name: 'Raise the limit …' }).count()).toBe(0)
    await page.context().close()
  })

  it('is set for a time with a reason, which the page then says, and ends when that is asked', async () => {
    await app.api.database.db.updateTable('app_user').set({ server_owner: true }).execute()
    const page = await open()
    await page.getByRole('button', { name: 'Raise the limit …' }).click()
    const save = page.getByRole('dialog').getByRole('button', { name: 'Raise the limit' })
    await save.click()
    await page.getByText('Enter a reason.').waitFor()
    expect(await wrongWith(page, twoLooks)).toEqual([])
    await page.getByLabel('Calls in 60 seconds, for each key').fill('500')
    await page.getByLabel('Reason').fill('The move from the old system')
    await save.click()
    await page.getByText(/Raised to 500 until .*: The move from the old system/).waitFor()
    await page.getByText('500 calls per minute for this key').waitFor()
    expect(await limitNow()).toBe('500;w=60')

    await page.getByRole('button', { name: 'End it now' }).click()
    await page.getByText('20 calls per minute for this key').waitFor()
    expect(await limitNow()).toBe('20;w=60')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText(/Raised to 500/).waitFor()
    await page.context().close()
  })

  it('is read by the form’s team, who cannot change it', async () => {
    await app.api.database.db.updateTable('app_user').set({ server_owner: false }).execute()
    const page = await open()
    await page.getByText(/Raised to 500 until .*: The move from the old system/).waitFor()
    expect(await page.getByRole('button', { name: /raised limit|End it now/ }).count()).toBe(0)
    await page.context().close()
  })
})
