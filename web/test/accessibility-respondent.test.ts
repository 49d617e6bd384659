import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestForm } from '../../server/test/harness.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { allLooks, twoLooks, wrongWith } from './axe.ts'
import { browserTimeout, describeInChromium, type Watched } from './chromium.ts'
import { settled } from './settled.ts'
import { variedForm } from './varied-form.ts'

describeInChromium('on a desktop and a phone, nothing is wrong with a respondent’s', browserTimeout, () => {
  let app: BrowserApp
  let form: TestForm
  let forPeople: TestForm
  beforeAll(async () => {
    app = await openBrowserApp()
    form = await app.api.addForm({ schema: variedForm })
    const settings = { enableSubmitterDraft: true }
    forPeople = await app.api.addForm({ schema: variedForm, access: 'login', settings })
  }, 120_000)
  afterAll(() => app?.close())

  async function open({ formId }: TestForm, as: 'owner' | 'stranger' = 'stranger') {
    const watched = await (as === 'owner' ? app.asOwner() : app.asStranger())
    await watched.page.goto(`/app/form/submit?f=${formId}`)
    await settled(watched.page)
    return { ...watched, watched, frame: watched.page.frameLocator('iframe') }
  }
  async function expectNothingWrong({ page, ...watched }: Watched, looks = twoLooks) {
    expect(await wrongWith(page, looks)).toEqual([])
    expect(watched).toEqual({ foreignRequests: [], policyViolations: [], errors: [] })
    await page.context().close()
  }
  const submit = (page: Page) => page.frameLocator('iframe').getByRole('button', { name: 'Submit' }).click()

  it('form', async () => {
    const { watched } = await open(form)
    await expectNothingWrong(watched, allLooks)
  })

  it('list of mistakes', async () => {
    const { page, watched } = await open(form)
    await submit(page)
    await page.getByRole('alert').filter({ hasText: 'There is a problem' }).waitFor()
    await expectNothingWrong(watched, allLooks)
  })

  it('confirmation', async () => {
    const { page, watched, frame } = await open(form)
    await frame.getByRole('textbox', { name: 'Name' }).fill('Elm Street')
    await submit(page)
    await page.getByRole('heading', { name: 'Your submission was received' }).waitFor()
    await expectNothingWrong(watched, allLooks)
  })

  it('question before answers that were kept are thrown away', async () => {
    const { page, watched, frame } = await open(form)
    await frame.getByRole('textbox', { name: 'Name' }).fill('Elm Street')
    await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage))).toContain('Elm Street')
    await page.reload()
    await page.getByRole('button', { name: 'Start again' }).click()
    await page.getByRole('dialog', { name: 'Start again?' }).waitFor()
    await expectNothingWrong(watched)
  })

  it('drafts, and the question before one is deleted', async () => {
    const { page, watched, frame } = await open(forPeople, 'owner')
    await frame.getByRole('textbox', { name: 'Name' }).fill('Elm Street')
    // By the keyboard: Chromium still sends a click into the frame in the moment after the page has scrolled.
    await page.getByRole('button', { name: 'Save as draft' }).press('Enter')
    await page.getByText(/^Draft saved/).waitFor()
    await page.goto(`/app/form/submit?f=${forPeople.formId}`)
    await page.getByRole('button', { name: /^Delete/ }).click()
    await page.getByRole('dialog', { name: 'Delete this draft?' }).waitFor()
    await expectNothingWrong(watched)
  })

  it('session that ended', async () => {
    const { page, watched, frame } = await open(forPeople, 'owner')
    await frame.getByRole('textbox', { name: 'Name' }).fill('Elm Street')
    await page.context().clearCookies()
    await submit(page)
    await page.getByRole('dialog', { name: 'Your session ended' }).waitFor()
    await expectNothingWrong(watched)
  })

  it('form that is not open to strangers', async () => {
    const { watched, page } = await open(forPeople)
    await page.getByRole('link', { name: 'Sign in' }).waitFor()
    await expectNothingWrong(watched)
  })
})
