import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ok, type TestForm } from '../../server/test/harness.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { violations } from './axe.ts'
import { browserTimeout, describeInChromium } from './chromium.ts'

describeInChromium('the page of a submission', browserTimeout, () => {
  let app: BrowserApp
  let form: TestForm
  beforeAll(async () => {
    app = await openBrowserApp()
    form = await app.api.addForm({ settings: { enableStatusUpdates: true } })
  }, 120_000)
  afterAll(() => app?.close())

  const open = async (answers: object = {}) => {
    const id = await app.api.submit(form, { name: 'Ada', age: 36, note: 'in no version', ...answers })
    const watched = await app.ownerPage()
    await watched.page.goto(`/app/form/view?f=${form.formId}&s=${id}`)
    await nameField(watched.page).waitFor()
    return { ...watched, watched, id }
  }
  const stored = async (id: string) =>
    ok(await app.api.call('GET', `/submissions/${id}`, { as: app.api.owner })).submission

  it('shows the answers, to be read only, and whose they are', async () => {
    const { page, id, watched } = await open()
    await page.getByRole('heading', { level: 1, name: `Submission ${id.slice(0, 8).toUpperCase()}` }).waitFor()
    expect(await nameField(page).inputValue()).toBe('Ada')
    expect(await nameField(page).isDisabled()).toBe(true)
    expect(await page.getByText('API key Default made this submission.').count()).toBe(1)
    expect(await violations(page)).toEqual([])
    expect(watched).toMatchObject({ foreignRequests: [], policyViolations: [], errors: [] })
  })

  it('shows a list greyed like any other field', async () => {
    const field = { type: 'textfield', key: 'name', label: 'Name', input: true }
    const list = {
      type: 'select',
      key: 'town',
      label: 'Town',
      input: true,
      data: { values: [{ label: 'A', value: 'a' }] },
    }
    const withList = await app.api.addForm({ schema: { display: 'form', components: [field, list] } })
    const id = await app.api.submit(withList, { name: 'Ada', town: 'a' })
    const { page } = await app.ownerPage()
    await page.goto(`/app/form/view?f=${withList.formId}&s=${id}`)
    const background = (selector: string) =>
      page
        .frameLocator('iframe')
        .locator(selector)
        .evaluate((element) => getComputedStyle(element).backgroundColor)
    expect(await background('.choices > .form-control')).toBe(await background('input[name="data[name]"]'))
  })

  it('stands under the tab of the submissions, which a phone shows too', async () => {
    const { page } = await open()
    const tab = page.getByRole('link', { name: 'Submissions', exact: true })
    expect(await tab.getAttribute('aria-current')).toBe('true')
    await page.setViewportSize({ width: 320, height: 700 })
    await page.getByRole('link', { name: 'Settings', exact: true }).click()
    await page.waitForURL('**/app/form/manage?*')
    const inView = () =>
      page.getByRole('navigation', { name: 'This form' }).evaluate((nav) => {
        const { right } = nav.getBoundingClientRect()
        return (nav.querySelector('.active')?.getBoundingClientRect().right ?? Infinity) <= right + 1
      })
    await expect.poll(inView).toBe(true)
  })

  it('saves an edit, and keeps answers that the form does not ask for', async () => {
    const { page, id } = await open()
    await edit(page, 'Grace')
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('The changes were saved.').waitFor()
    await expect.poll(() => nameField(page).isDisabled()).toBe(true)
    expect(await nameField(page).inputValue()).toBe('Grace')
    expect((await stored(id)).submission.data).toMatchObject({ name: 'Grace', age: 36, note: 'in no version' })
    await page.getByText('owner changed the answers.').waitFor()
  })

  it('lists what is wrong, leads to the field, and stores nothing', async () => {
    const { page, id } = await open()
    await edit(page, '')
    await page.getByRole('button', { name: 'Save changes' }).click()
    const summary = page.getByRole('alert', { name: 'There is a problem' })
    await summary.getByRole('button', { name: /Name/ }).click()
    await expect.poll(() => nameField(page).evaluate((field) => field === document.activeElement)).toBe(true)
    expect((await stored(id)).submission.data.name).toBe('Ada')
  })

  it('asks before it replaces what somebody else changed meanwhile', async () => {
    const { page, id } = await open()
    await edit(page, 'Mine')
    const body = { submission: { data: { name: 'Theirs' } } }
    ok(await app.api.call('PUT', `/submissions/${id}`, { as: app.api.owner, body }))
    await page.getByRole('button', { name: 'Save changes' }).click()
    const dialog = page.getByRole('dialog', { name: 'Somebody else changed this submission' })
    await dialog.waitFor()
    expect((await stored(id)).submission.data.name).toBe('Theirs')
    await dialog.getByRole('button', { name: 'Replace their answers' }).click()
    await page.getByText('The changes were saved.').waitFor()
    expect((await stored(id)).submission.data.name).toBe('Mine')
  })

  it('does not leave unsaved changes without a question', async () => {
    const { page } = await open()
    await edit(page, 'Unsaved')
    await page.getByText('There are changes that are not saved.').waitFor()
    await page.getByRole('link', { name: 'Export' }).click()
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' })
    await expect.poll(() => violations(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await nameField(page).inputValue()).toBe('Unsaved')
    await page.getByRole('link', { name: 'Export' }).click()
    await dialog.getByRole('button', { name: 'Leave without saving' }).click()
    await page.waitForURL('**/app/form/export?*')
  })

  it('sets a status for a reviewer, deletes, and takes that back', async () => {
    const { page, id } = await open()
    await page.getByLabel('Next status').selectOption('Assigned')
    await page.getByLabel('For whom').selectOption({ label: 'owner (owner@example.org)' })
    await page.getByRole('button', { name: 'Set status' }).click()
    await page.getByText('owner set the status to Assigned, for owner.').waitFor()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByText('This submission is deleted').waitFor()
    expect((await stored(id)).deleted).toBe(true)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('This submission is deleted').waitFor({ state: 'detached' })
    expect((await stored(id)).deleted).toBe(false)
  })

  it('does not show a submission under another form', async () => {
    const other = await app.api.addForm()
    const id = await app.api.submit(other)
    const { page } = await app.ownerPage()
    await page.goto(`/app/form/view?f=${form.formId}&s=${id}`)
    await page.getByText('There is no such submission in this form.').waitFor()
    expect(await page.locator('iframe').count()).toBe(0)
  })
})

function nameField(page: Page) {
  return page.frameLocator('iframe').getByRole('textbox', { name: 'Name', exact: false }).first()
}

async function edit(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await expect.poll(() => nameField(page).isEnabled()).toBe(true)
  await nameField(page).fill(name)
}
