import { afterAll, beforeAll, expect, it } from 'vitest'
import { ok, type TestForm } from '../../server/test/harness.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium, openWatched, type Watched } from './chromium.ts'

describeInChromium('form settings', browserTimeout, () => {
  let app: BrowserApp
  let form: TestForm
  beforeAll(async () => {
    app = await openBrowserApp()
    form = await app.api.addForm({ settings: { labels: ['kept'] } })
  })
  afterAll(() => app?.close())

  const open = async (section: string, formId = form.formId, watched?: Watched) => {
    const { page } = watched ?? (await app.ownerPage())
    await page.goto(`/app/form/manage?f=${formId}&section=${section}`)
    await page.getByRole('heading', { name: 'Form settings' }).waitFor()
    return page
  }
  const stored = async () => ok(await app.api.call('GET', `/forms/${form.formId}`, { as: app.api.owner }))

  it('save what was changed and nothing else', async () => {
    const page = await open('general')
    await page.getByLabel('Description').fill('Once a year')
    await page.getByLabel('Let respondents save drafts').check()
    await page.getByText('Not saved yet').waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    expect(await stored()).toMatchObject({
      name: 'Survey',
      description: 'Once a year',
      enableSubmitterDraft: true,
      labels: ['kept'],
    })
  })

  it('have their tab in view on a phone, in a language with long words', async () => {
    const { page } = await app.asOwner({ viewport: { width: 390, height: 844 }, locale: 'fr-CA' })
    await page.goto(`/app/form/manage?f=${form.formId}`)
    const tab = page.getByRole('link', { name: 'Paramètres', exact: true })
    await tab.waitFor()
    const rightEdge = () => tab.evaluate((link) => link.getBoundingClientRect().right)
    await expect.poll(rightEdge).toBeLessThanOrEqual(390)
  })

  it('switch statuses on, and the answers after submitting off', async () => {
    const page = await open('general')
    await page.getByLabel('Give submissions a status').check()
    await page.getByLabel('Show respondents their answers after submitting').uncheck()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    expect(await stored()).toMatchObject({ enableStatusUpdates: true, hideSubmissionContentOnSuccess: true })
  })

  it('say to a reviewer too that the form is published', async () => {
    const reviewer = await app.api.addPerson('reviewer@example.org')
    const query = { formId: form.formId, userId: reviewer.id }
    const body = [{ ...query, role: 'submission_reviewer' }]
    ok(await app.api.call('PUT', '/rbac/users', { as: app.api.owner, body, query }))
    const { page } = await openWatched(app.browser, app.origin, { cookie: reviewer.cookie })
    await page.goto(`/app/form/submissions?f=${form.formId}`)
    await page.locator('.form-head').getByText('Published v1').waitFor()
  })

  it('name a mistake at its field and send nothing', async () => {
    const page = await open('general')
    await page.getByLabel('Name').fill(' ')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Enter a name for the form.').waitFor()
    await expect.poll(() => page.getByLabel('Name').evaluate((field) => field === document.activeElement)).toBe(true)
    expect((await stored()).name).toBe('Survey')
  })

  it('tie a mistake to its field for screen readers', async () => {
    const page = await open('general')
    const name = page.getByLabel('Name')
    await name.fill('')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Enter a name for the form.').waitFor()
    expect(await name.getAttribute('aria-invalid')).toBe('true')
    const described = await name.getAttribute('aria-describedby')
    expect(await page.locator(`#${described}`).textContent()).toBe('Enter a name for the form.')
  })

  it('leave the focus where it was when they are saved by keyboard', async () => {
    const page = await open('general')
    const name = page.getByLabel('Name')
    await name.fill('Survey of the year')
    await page.keyboard.press('Enter')
    await page.getByText('Saved', { exact: true }).waitFor()
    await expect.poll(() => name.evaluate((field) => field === document.activeElement)).toBe(true)
    await name.fill('Survey')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect.poll(async () => (await stored()).name).toBe('Survey')
  })

  it('are saved after somebody whose session ended has signed in again', async () => {
    const page = await open('general', form.formId, await app.asOwner())
    await page.getByLabel('Description').fill('Typed before the session ended')
    await page.context().clearCookies()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Your session ended' })
    await dialog.getByLabel('Password').fill('correct horse battery')
    await page.keyboard.press('Enter')
    await page.getByText('Saved', { exact: true }).waitFor()
    expect((await stored()).description).toBe('Typed before the session ended')
  })

  it('close the form to respondents at the time that was set', async () => {
    const page = await open('general')
    await page.getByLabel('Take submissions only at certain times').check()
    await page.getByLabel('Closes').fill('2020-01-01T10:00')
    await page.getByLabel('Message once the form is closed').fill('Come back next year.')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    const path = `/forms/${form.formId}/versions/${form.versionId}/submissions`
    const refused = await app.api.call('POST', path, { body: { submission: { data: { name: 'Late' } } } })
    expect(refused.json()).toMatchObject({ code: 'form_closed', detail: 'Come back next year.' })
    await page.getByLabel('Take submissions only at certain times').uncheck()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect.poll(async () => (await stored()).schedule.enabled).toBe(false)
  })

  it('keep what was typed when one stays instead of leaving', async () => {
    const page = await open('general')
    await page.getByLabel('Name').fill('Half typed')
    await page.getByRole('link', { name: 'Access', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' })
    await dialog.getByRole('button', { name: 'Stay here' }).click()
    expect(await page.getByLabel('Name').inputValue()).toBe('Half typed')
    await page.getByRole('link', { name: 'Access', exact: true }).click()
    await dialog.getByRole('button', { name: 'Leave without saving' }).click()
    await page.getByText('Who may submit').waitFor()
    expect((await stored()).name).toBe('Survey')
  })

  it('choose who may submit', async () => {
    const page = await open('access')
    await page.getByLabel('Everybody who is signed in').check()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    expect((await stored()).identityProviders).toMatchObject([{ code: 'login' }])
  })

  it('close the form, and open it again with Undo', async () => {
    const page = await open('danger')
    await page.getByRole('button', { name: 'Close form' }).click()
    await page.getByRole('dialog', { name: 'Close “Survey”?' }).getByRole('button', { name: 'Close form' }).click()
    await page.getByText('This form takes no submissions').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Published v1').waitFor()
  })

  it('delete the form, and bring it back with Undo', async () => {
    const page = await open('danger')
    await page.getByRole('button', { name: 'Delete form' }).click()
    await page.getByRole('dialog', { name: 'Delete “Survey”?' }).getByRole('button', { name: 'Delete form' }).click()
    await page.getByText('“Survey” was deleted.').waitFor()
    expect(new URL(page.url()).pathname).toBe('/app')
    expect((await app.api.call('GET', `/forms/${form.formId}`, { as: app.api.owner })).statusCode).toBe(404)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('“Survey” is back.').waitFor()
    expect((await stored()).active).toBe(true)
  })

  it('say who may change them to people who may not', async () => {
    const designer = await app.api.addPerson('designer@example.org')
    const role = { formId: form.formId, userId: designer.id, role: 'form_designer' }
    const query = { formId: form.formId, userId: designer.id }
    ok(await app.api.call('PUT', '/rbac/users', { as: app.api.owner, query, body: [role] }))
    const { page } = await openWatched(app.browser, app.origin, { cookie: designer.cookie })
    await page.goto(`/app/form/manage?f=${form.formId}`)
    await page.getByText('Only an owner of this form can change these settings.').waitFor()
    expect(await page.getByLabel('Name').isDisabled()).toBe(true)
    expect(await page.getByRole('button', { name: 'Save', exact: true }).count()).toBe(0)
  })
})
