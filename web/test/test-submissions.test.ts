import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestForm } from '../../server/test/harness.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium } from './chromium.ts'
import { addKey } from './keys-form.ts'

describeInChromium('test submissions', browserTimeout, () => {
  let app: BrowserApp
  let form: TestForm
  let page: Page
  beforeAll(async () => {
    app = await openBrowserApp()
    form = await app.api.addForm()
    page = (await app.asOwner()).page
  }, 120_000)
  afterAll(() => app?.close())

  const table = () => page.getByRole('table')
  const choice = (name: string) => page.getByText(name, { exact: true })

  it('are no choice on a form without a test key', async () => {
    await app.api.submit(form, { name: 'Live Ada' })
    await page.goto(`/app/form/submissions?f=${form.formId}`)
    await table().getByText('Live Ada').waitFor()
    await page.waitForLoadState('networkidle')
    expect(await choice('Test submissions').count()).toBe(0)
  })

  it('are looked at apart from the live ones, and say what they are', async () => {
    const scopes = ['submissions:read', 'submissions:write']
    const { secret } = await addKey(app.api, form, { name: 'Trial', test: true, scopes })
    await app.api.submit({ ...form, key: { formId: form.formId, secret } }, { name: 'Test Bo' })
    await page.goto(`/app/form/submissions?f=${form.formId}`)
    await table().getByText('Live Ada').waitFor()
    expect(await table().getByText('Test Bo').count()).toBe(0)

    await choice('Test submissions').click()
    await table().getByText('Test Bo').waitFor()
    expect(await table().getByText('Live Ada').count()).toBe(0)
    expect(new URL(page.url()).searchParams.get('test')).toBe('true')

    await table().getByRole('link').first().click()
    await page.getByText('This is a test submission').waitFor()
    await page.getByRole('link', { name: 'All submissions' }).click()
    await table().getByText('Test Bo').waitFor()
  })

  it('are exported alone when they are chosen', async () => {
    await page.goto(`/app/form/export?f=${form.formId}`)
    await page.getByText('1 submission will be in the file.').waitFor()
    await choice('Test submissions').click()
    await page.locator('.export-curl').getByText('test=true').waitFor()
    const line = (await page.locator('.export-curl').textContent()) ?? ''
    const path = /\/app\/api\/v1\S+(?=')/.exec(line)?.[0] ?? ''
    const csv = (await app.api.call('GET', path, { as: form.key })).body
    expect(csv).toContain('Test Bo')
    expect(csv).not.toContain('Live Ada')
  })

  it('can be asked for by the address where no key makes them', async () => {
    const bare = await app.api.addForm()
    await page.goto(`/app/form/submissions?f=${bare.formId}&test=true`)
    await page.getByText('There are no test submissions.').waitFor()
    await choice('Live').click()
    await page.getByText('Nobody has submitted this form yet.').waitFor()
  })
})
