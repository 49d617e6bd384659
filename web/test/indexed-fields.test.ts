import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestForm } from '../../server/test/harness.ts'
import { store, workOn } from '../../server/test/indexed-fields.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium } from './chromium.ts'

describeInChromium('fields to filter by', browserTimeout, () => {
  let app: BrowserApp
  let form: TestForm
  beforeAll(async () => {
    app = await openBrowserApp()
    form = await app.api.addForm()
    await store(app.api, form, { name: 'Ada' })
  })
  afterAll(() => app?.close())

  it('are chosen and removed in the settings, which show when they are ready', async () => {
    const { page } = await app.asOwner()
    await page.goto(`/app/form/manage?f=${form.formId}&section=data`)
    await page.getByText('No field is indexed yet.').waitFor()
    await page.getByLabel('Field', { exact: true }).selectOption('children.first')
    await page.getByRole('button', { name: 'Index this field' }).click()
    const list = page.getByRole('list', { name: 'Indexed fields' })
    await list.getByText('children.first').waitFor()
    await workOn(app.api)
    await list.getByText('Ready').waitFor()
    expect(await page.getByLabel('Field', { exact: true }).locator('option').allTextContents()).not.toContain(
      'First name (children.first)',
    )
    await page.getByRole('button', { name: 'Remove children.first' }).click()
    await page.getByText('No field is indexed yet.').waitFor()
    await page.context().close()
  })
})
