import { afterAll, beforeAll, expect, it } from 'vitest'
import { ok, type TestForm } from '../../server/test/harness.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium, type Watched } from './chromium.ts'

describeInChromium('the API specification page', browserTimeout, () => {
  let app: BrowserApp
  let form: TestForm
  let watched: Watched
  beforeAll(async () => {
    app = await openBrowserApp({ rateLimit: { apiKey: 20, others: 100_000, windowMs: 60_000 } })
    form = await app.api.addForm()
    await app.api.submit(form)
    watched = await app.asStranger()
    await watched.page.goto('/app/api-specification')
    await watched.page.getByText(/^\d+ of \d+ operations$/).waitFor()
  })
  afterAll(() => app?.close())

  const operation = (path: string, method = 'GET') =>
    watched.page.locator('details.operation').filter({
      has: watched.page.getByRole('heading', { name: new RegExp(`^${method} ${path.replace(/[{}]/g, '.')} `) }),
    })

  it('shows the operations that take a key, and all others when asked', async () => {
    const { page } = watched
    const summary = operation('/app/api/v1/forms/{formId}/apiKey')
    expect(await summary.count()).toBe(0)
    const only = page.getByLabel('Only operations that take an API key')
    await only.uncheck()
    await summary.getByRole('heading').click()
    await summary.getByText('an API key is refused here with 401').waitFor()
    await only.check()
    await expect.poll(() => summary.count()).toBe(0)
    await page.getByLabel('Search').fill('no such words')
    await page.getByText('No operation that takes an API key has these words.').waitFor()
    await page.getByLabel('Search').fill('')
  })

  it('sends nothing before the key is there, then calls this server and shows the reply', async () => {
    const { page } = watched
    const list = operation('/app/api/v1/forms/{formId}/submissions')
    await list.getByRole('heading').first().click()
    await list.getByRole('button', { name: 'Send GET' }).click()
    await list.getByText('Paste the form’s ID and its API key').waitFor()
    await list.getByRole('button', { name: 'Go there' }).click()
    const formId = page.getByLabel('User name (form ID)')
    expect(await formId.evaluate((field) => field === document.activeElement)).toBe(true)
    await formId.fill(form.formId)
    await page.getByLabel('Password (API key)').fill(form.secret)
    await list.getByRole('button', { name: 'Send GET' }).click()
    await list.getByText('limit=20, remaining=18').waitFor()
    await list.getByRole('status').getByText('200 OK').waitFor()
    await list.getByText('"confirmationId"').first().waitFor()
    expect(await list.getByText('curl --include').textContent()).not.toContain(form.secret)
  })

  it('shows the problem that the server answers', async () => {
    const { page } = watched
    await page.getByLabel('Password (API key)').fill('wrong')
    const list = operation('/app/api/v1/forms/{formId}/submissions')
    await list.getByRole('button', { name: 'Send GET' }).click()
    await list.getByText('"unauthorized"').waitFor()
    await page.getByLabel('Password (API key)').fill(form.secret)
  })

  it('sends a body, and says when it is no JSON', async () => {
    const create = operation('/app/api/v1/forms/{formId}/versions/{formVersionId}/submissions', 'POST')
    await create.getByRole('heading').first().click()
    await create.getByLabel('formVersionId').fill(form.versionId)
    const body = create.getByLabel('Body (application/json)')
    await body.fill('{')
    await create.getByRole('button', { name: 'Send POST' }).click()
    await create.getByRole('alert').getByText('The body is no JSON').waitFor()
    await body.fill(JSON.stringify({ submission: { data: { name: 'Grace' } } }))
    await create.getByRole('button', { name: 'Send POST' }).click()
    await create.getByRole('status').getByText('201 Created').waitFor()
  })

  it('asks before it sends what deletes', async () => {
    const { page } = watched
    const remove = operation('/app/api/v1/forms/{formId}', 'DELETE')
    await remove.getByRole('heading').first().click()
    await remove.getByRole('button', { name: 'Send DELETE' }).click()
    const dialog = page.getByRole('dialog', { name: 'Send “Delete form”?' })
    await dialog.getByText(form.formId).waitFor()
    const isFocused = dialog.getByRole('button', { name: 'Cancel' }).evaluate((one) => one === document.activeElement)
    expect(await isFocused).toBe(true)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect((await app.api.call('GET', `/forms/${form.formId}`, { as: form.key })).statusCode).toBe(200)
    const other = await app.api.addForm()
    // The key Default may not delete.
    const body = { name: 'Remover', scopes: ['form:delete'] }
    const { secret } = ok(await app.api.call('POST', `/forms/${other.formId}/apiKeys`, { as: app.api.owner, body }))
    await page.getByLabel('User name (form ID)').fill(other.formId)
    await page.getByLabel('Password (API key)').fill(secret)
    await remove.getByRole('button', { name: 'Send DELETE' }).click()
    await dialog.getByRole('button', { name: 'Send DELETE' }).click()
    await remove.getByRole('status').getByText('204 No Content').waitFor()
    expect((await app.api.call('GET', `/forms/${other.formId}`, { as: other.key })).statusCode).toBe(401)
    await page.getByLabel('User name (form ID)').fill(form.formId)
    await page.getByLabel('Password (API key)').fill(form.secret)
  })

  it('says that no reply came', async () => {
    const { page } = watched
    const path = `/app/api/v1/forms/${form.formId}/submissions`
    await page.route(`**${path}`, (route) => route.abort())
    const list = operation('/app/api/v1/forms/{formId}/submissions')
    await list.getByRole('button', { name: 'Send GET' }).click()
    await list.getByText('No reply came.').waitFor()
  })

  it('keeps the key nowhere and asks no other host', async () => {
    const { page } = watched
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]))
    expect(kept).not.toContain(form.secret)
    expect(watched.foreignRequests).toEqual([])
    expect(watched.policyViolations).toEqual([])
    expect(watched.errors).toEqual([])
  })
})
