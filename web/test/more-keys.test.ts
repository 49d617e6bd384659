import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ok, type TestForm } from '../../server/test/harness.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium, openWatched } from './chromium.ts'
import { addKey } from './keys-form.ts'

describeInChromium('More keys', browserTimeout, () => {
  let app: BrowserApp
  let form: TestForm
  let page: Page
  beforeAll(async () => {
    app = await openBrowserApp({ rateLimit: { apiKey: 50, others: 100_000, windowMs: 60_000 } })
    page = (await app.asOwner()).page
  }, 120_000)
  afterAll(() => app?.close())

  const open = async (made: { formId: string }) => {
    await page.goto(`/app/form/manage?f=${made.formId}&section=api-key`)
    await page.getByRole('heading', { name: 'More keys' }).waitFor()
  }
  const card = (name: string) =>
    page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) })
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const inDialog = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true })
  const statusWith = async (secret: string, path = `/forms/${form.formId}/submissions`) =>
    (await app.api.call('GET', path, { as: { formId: form.formId, secret } })).statusCode
  const madeSecret = async () => (await page.getByRole('dialog').locator('.key-new').textContent()) ?? ''

  it('is folded away while the form has its own key alone', async () => {
    form = await app.api.addForm()
    await open(form)
    await page.getByText('Not used yet').waitFor()
    expect(await button('More keys').getAttribute('aria-expanded')).toBe('false')
    expect(await button('Add a key').count()).toBe(0)
    expect(await page.locator('.key-card').count()).toBe(0)
  })

  it('makes a key that may do what was chosen, and no more', async () => {
    await button('More keys').click()
    await button('Add a key').click()
    await inDialog('Make key').click()
    await page.getByText('Enter a name for the key.').waitFor()
    await page.getByLabel('Name', { exact: true }).fill('Power BI')
    await page.getByRole('radio', { name: 'Choose myself' }).check()
    await page.getByRole('checkbox', { name: 'Read statuses' }).uncheck()
    await inDialog('Make key').click()
    await page.getByText('This is the secret of “Power BI”.').waitFor()
    const secret = await madeSecret()
    await inDialog('Done').click()
    const heading = page.getByRole('heading', { name: 'Power BI', exact: true })
    await expect.poll(() => heading.evaluate((one) => one === document.activeElement)).toBe(true)
    expect(await card('Power BI').textContent()).toContain('Submissions: read')

    expect(await statusWith(secret)).toBe(200)
    const id = await app.api.submit(form)
    const beyond = await app.api.call('GET', `/submissions/${id}/status`, { as: { formId: form.formId, secret } })
    expect([beyond.statusCode, beyond.json().code]).toEqual([403, 'insufficient_scope'])
  })

  it('opens by itself when the form has other keys, and says how many', async () => {
    await open(form)
    await card('Power BI').waitFor()
    await page.getByRole('button', { name: 'More keys 1 key besides the form’s own', expanded: true }).waitFor()
  })

  it('names at its field what is wrong with an address, once the field is left', async () => {
    await button('Change … Power BI').click()
    await page.getByText('More options').click()
    const field = page.getByLabel('Works from these addresses only')
    await field.fill('192.0.2.0/24\nnowhere')
    expect(await page.getByText('“nowhere” is no IP address').count()).toBe(0)
    await field.press('Tab')
    await page.getByText('“nowhere” is no IP address and no network.').waitFor()
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    await field.fill('192.0.2.0/24')
    await page.getByLabel('Calls in 60 seconds').fill('7')
    await inDialog('Save changes').click()
    await expect.poll(() => card('Power BI').textContent()).toContain('192.0.2.0/24')
    expect(await card('Power BI').textContent()).toContain('7 calls per minute, its own limit')
  })

  it('takes a name for wrong that another key has, also when the server alone knows', async () => {
    await button('Add a key').click()
    await addKey(app.api, form, { name: 'Website' })
    await page.getByLabel('Name', { exact: true }).fill('Website')
    await inDialog('Make key').click()
    await page.getByText('Another key of this form has this name.').waitFor()
    await inDialog('Cancel').click()
  })

  it('gives the form’s own key the right to delete the form only when that is ticked', async () => {
    await open(form)
    await button('Change … Default').click()
    const tick = page.getByRole('checkbox', { name: 'Delete the form' })
    expect(await tick.isChecked()).toBe(false)
    await tick.check()
    await inDialog('Save changes').click()
    await card('Default').getByText('Dangerous: delete the form').waitFor()
  })

  it('rotates a key: both secrets work, and the list says that the old one is still used', async () => {
    const key = await addKey(app.api, form, { name: 'Rotated' })
    await open(form)
    await button('Rotate … Rotated').click()
    await page.getByRole('radio', { name: '7 days' }).check()
    await inDialog('Make new secret').click()
    await page.getByText('the old secret works too').waitFor()
    const secret = await madeSecret()
    await inDialog('Done').click()
    await card('Rotated').getByText('Not used since the rotation.').waitFor()
    // The harness's clock stands still, and the rotation is later by the database's.
    app.api.advance(600_000)
    expect([await statusWith(key.secret), await statusWith(secret)]).toEqual([200, 200])
    await app.api.flushUsage()
    await open(form)
    await card('Rotated').getByText('Used since the rotation: do not end it yet.').waitFor()

    await card('Rotated').getByRole('button', { name: 'End it now' }).click()
    await page.getByText('That program will be refused at once').waitFor()
    await inDialog('End it now').click()
    await expect.poll(() => page.getByText('Two secrets work at the moment').count()).toBe(0)
    expect([await statusWith(key.secret), await statusWith(secret)]).toEqual([401, 200])
  })

  it('disables a key at once, and enables it again', async () => {
    const { secret } = await addKey(app.api, form, { name: 'Paused' })
    await open(form)
    await button('Disable Paused').click()
    await card('Paused').getByText('Disabled', { exact: true }).waitFor()
    expect(await statusWith(secret)).toBe(401)
    await button('Undo').click()
    await card('Paused').getByText('Active', { exact: true }).waitFor()
    expect(await statusWith(secret)).toBe(200)
  })

  it('says at the top that the form’s own key is disabled', async () => {
    await button('Disable Default').click()
    await page.getByText('This key is disabled. Programs that use it are refused.').waitFor()
    await button('Enable').click()
    await expect.poll(() => page.getByText('This key is disabled.').count()).toBe(0)
    expect(await statusWith(form.secret)).toBe(200)
  })

  it('revokes a key for good, and keeps who did so and why', async () => {
    const { secret } = await addKey(app.api, form, { name: 'Leaked' })
    await open(form)
    await button('Revoke … Leaked').click()
    const cancel = inDialog('Cancel')
    expect(await cancel.evaluate((one) => one === document.activeElement)).toBe(true)
    await page.getByText('This cannot be undone').waitFor()
    await page.getByLabel('Reason (optional)').fill('It was in a public repository.')
    await inDialog('Revoke key').click()
    await expect.poll(() => card('Leaked').count()).toBe(0)
    expect(await statusWith(secret)).toBe(401)
    await page.getByLabel('Show revoked keys').check()
    const revoked = card('Leaked')
    await revoked.getByText('It was in a public repository.').waitFor()
    expect(await revoked.textContent()).toMatch(/Revoked .* by owner/)
    expect(await revoked.getByRole('button', { name: /Show secret|Rotate/ }).count()).toBe(0)
  })

  it('shows how much a key was used, as a chart and a table', async () => {
    const { secret } = await addKey(app.api, form, { name: 'Busy', ownLimit: 3 })
    await open(form)
    await button('Usage of Busy').click()
    await page.getByText('No calls in these 30 days.').waitFor()
    await inDialog('Close').click()
    const statuses = [await statusWith(secret), await statusWith(secret, `/forms/${form.formId}/submissions?page=x`)]
    statuses.push(await statusWith(secret), await statusWith(secret))
    expect(statuses).toEqual([200, 400, 200, 429])
    await app.api.flushUsage()
    await open(form)
    await button('Usage of Busy').click()
    await page.getByRole('img', { name: /4 in all, most on .* with 4/ }).waitFor()
    await page.getByText('The same as a table').click()
    const total = page.getByRole('row', { name: '30 days' })
    expect(await total.getByRole('cell').allTextContents()).toEqual(['4', '2', '1', '1', expect.stringMatching(/byte/)])
    await page.getByText('listSubmissions').waitFor()
    await inDialog('Close').click()
  })

  it('offers nothing that the person may not do', async () => {
    const person = await app.api.addPerson('looker@example.org')
    const { pool } = app.api.database
    await pool.query(`insert into role_permission (role, permission) values ('submission_reviewer', 'form_api_read')`)
    const query = { formId: form.formId, userId: person.id }
    ok(await app.api.call('PUT', '/rbac/forms', { as: app.api.owner, query, body: [{ role: 'submission_reviewer' }] }))
    const watched = await openWatched(app.browser, app.origin, { cookie: person.cookie })
    await watched.page.goto(`/app/form/manage?f=${form.formId}&section=api-key`)
    await watched.page.getByRole('heading', { name: 'Power BI', exact: true }).waitFor()
    const names = await watched.page.locator('#more-keys-body').getByRole('button').allTextContents()
    expect([...new Set(names)].sort()).toEqual(['Copy', 'Show secret', 'Usage'])
    await watched.page.context().close()
  })
})
