import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestForm } from '../../server/test/harness.ts'
import { ok } from '../../server/test/harness.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium, openWatched, type Watched } from './chromium.ts'

describeInChromium('the API key panel', browserTimeout, () => {
  let app: BrowserApp
  let form: TestForm
  beforeAll(async () => {
    app = await openBrowserApp({ rateLimit: { apiKey: 20, others: 100_000, windowMs: 60_000 } })
    form = await app.api.addForm()
  })
  afterAll(() => app?.close())

  const address = (formId: string) => `/app/form/manage?f=${formId}&section=api-key`
  const open = async (formId: string): Promise<Watched> => {
    const watched = await app.asOwner({ permissions: ['clipboard-read', 'clipboard-write'] })
    // The page looks every 10 seconds; its clock can be moved.
    await watched.page.clock.install()
    await watched.page.goto(address(formId))
    await watched.page.getByRole('heading', { name: 'API key', exact: true }).waitFor()
    return watched
  }
  const statusWith = async (secret: string) =>
    (await app.api.call('GET', `/forms/${form.formId}/submissions`, { as: { formId: form.formId, secret } })).statusCode

  it('generates a key, shows it this once and lets it be copied', async () => {
    const { id } = ok(await app.api.call('POST', '/forms', { as: app.api.owner, body: { name: 'Without a key' } }))
    const { page } = await open(id)
    await page.getByRole('button', { name: 'Generate API key' }).click()
    const dialog = page.getByRole('dialog', { name: 'Generate an API key?' })
    expect(await dialog.getByRole('button', { name: 'Cancel' }).evaluate((one) => one === document.activeElement)).toBe(
      true,
    )
    await dialog.getByRole('button', { name: 'Generate API key' }).click()
    const copy = page.getByRole('button', { name: 'Copy Password (API key)' })
    await expect.poll(() => copy.evaluate((one) => one === document.activeElement)).toBe(true)
    await page.keyboard.press('Enter')
    await page.getByText('Copied').first().waitFor()
    const secret = await page.evaluate(() => navigator.clipboard.readText())
    expect(secret).toMatch(/^fg_live_/)
    const reply = await app.api.call('GET', `/forms/${id}`, { as: { formId: id, secret } })
    expect(reply.statusCode).toBe(200)
    await page.context().close()
  })

  it('shows the secret when asked, hides it again, and copies it unseen', async () => {
    const { page } = await open(form.formId)
    await page.getByRole('button', { name: 'Copy Password (API key)' }).click()
    await page.getByText('Copied').first().waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(form.secret)
    expect(await page.locator('body').textContent()).not.toContain(form.secret)
    expect(await page.locator('body').textContent()).toContain(form.secret.slice(-4))

    await page.getByRole('button', { name: 'Show secret' }).click()
    await page.getByText(form.secret, { exact: true }).waitFor()
    await page.getByRole('tabpanel').getByText(form.secret).first().waitFor()
    await page.getByRole('button', { name: 'Hide secret' }).click()
    await expect.poll(() => page.locator('body').textContent()).not.toContain(form.secret)
    await page.context().close()
  })

  it('warns before it regenerates; then the old key is refused at once and the new one works', async () => {
    const { page } = await open(form.formId)
    await page.getByRole('button', { name: 'Regenerate API key' }).click()
    const dialog = page.getByRole('dialog')
    await dialog
      .getByText('Programs that use the present key will be refused at once, until they get the new one.')
      .waitFor()
    await dialog.getByRole('button', { name: 'Regenerate API key' }).click()
    const shown = page.locator('.key-new')
    await shown.waitFor()
    const secret = (await shown.textContent()) ?? ''
    expect(await statusWith(form.secret)).toBe(401)
    expect(await statusWith(secret)).toBe(200)
    form.secret = secret
    await page.context().close()
  })

  it('no longer shows a secret that somebody else has replaced', async () => {
    const { page } = await open(form.formId)
    await page.getByRole('button', { name: 'Show secret' }).click()
    await page.getByText(form.secret, { exact: true }).waitFor()
    const replaced = ok(await app.api.call('PUT', `/forms/${form.formId}/apiKey`, { as: app.api.owner }))
    await page.clock.fastForward(10_000)
    await expect.poll(() => page.locator('body').textContent()).not.toContain(form.secret)
    await page.getByRole('button', { name: 'Show secret' }).click()
    await page.getByText(replaced.secret, { exact: true }).waitFor()
    form.secret = replaced.secret
    form.key = { formId: form.formId, secret: replaced.secret }
    await page.context().close()
  })

  it('asks once to sign in again, and not again with each look at the limit', async () => {
    const { page } = await open(form.formId)
    await page.context().clearCookies()
    await page.getByRole('button', { name: 'Show secret' }).click()
    const dialog = page.getByRole('dialog', { name: 'Your session ended' })
    await dialog.getByRole('button', { name: 'Not now' }).click()
    await page.getByText('The key is not shown.').waitFor()
    await dialog.waitFor({ state: 'detached' })
    const looks: string[] = []
    page.on('request', (request) => looks.push(request.url()))
    await page.clock.runFor(60_000)
    await page.getByText('The key is not shown.').waitFor()
    expect(looks.filter((url) => url.includes('summary'))).toEqual([])
    expect(await dialog.count()).toBe(0)
    await page.context().close()
  })

  it('copies where the browser gives no clipboard, and keeps the focus', async () => {
    const { page } = await open(form.formId)
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined })
      document.addEventListener('copy', () => {
        const field = document.activeElement
        document.title = field instanceof HTMLTextAreaElement ? field.value : ''
      })
    })
    const copy = page.getByRole('button', { name: 'Copy User name (form ID)' })
    await copy.focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.title()).toBe(form.formId)
    expect(await copy.evaluate((one) => one === document.activeElement)).toBe(true)
    await page.context().close()
  })

  it('leads to the specification with the form’s ID filled in', async () => {
    const { page } = await open(form.formId)
    await page.getByRole('link', { name: 'API specification' }).click()
    await page.getByRole('heading', { name: 'API specification' }).waitFor()
    expect(await page.getByLabel('User name (form ID)').inputValue()).toBe(form.formId)
    await page.context().close()
  })

  it('does not claim that the old key still works when no answer came', async () => {
    const { page } = await open(form.formId)
    await page.getByRole('button', { name: 'Regenerate API key' }).click()
    await page.route('**/apiKey', (route) => route.abort())
    await page.getByRole('dialog').getByRole('button', { name: 'Regenerate API key' }).click()
    await page.getByText('the key may have been replaced all the same').waitFor()
    await page.context().close()
  })

  it('says where the key stands with its limit, and counts down', async () => {
    const { page } = await open(form.formId)
    await page.getByText('20 calls per minute for this key').waitFor()
    await page.getByText('RateLimit-Policy: 20;w=60').first().waitFor()
    await statusWith(form.secret)
    await page.reload()
    const now = page.getByText(/Now: 1\d left, full again in \d+ s/)
    const before = await now.textContent()
    await expect.poll(() => now.textContent()).not.toBe(before)
    await page.getByText('What do these headers mean?').click()
    await page.getByText('20 calls in 60 seconds.').waitFor()
    await page.context().close()
  })

  it('lets the key at submitted files when the box is ticked', async () => {
    const { page } = await open(form.formId)
    await page.getByLabel('Allow this key to access submitted files').check()
    await page.getByText('Saved').waitFor()
    const summary = ok(await app.api.call('GET', `/forms/${form.formId}/apiKey/summary`, { as: app.api.owner }))
    expect(summary.filesApiAccess).toBe(true)
    await page.context().close()
  })

  it('changes the language of the programs by keyboard', async () => {
    const { page } = await open(form.formId)
    await page.getByRole('tab', { name: 'curl' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.getByRole('tab', { name: 'Python', selected: true }).waitFor()
    await page.getByText('import base64').first().waitFor()
    await page.context().close()
  })

  it('deletes the key after naming the consequence', async () => {
    const { page } = await open(form.formId)
    await page.getByRole('button', { name: 'Delete API key' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete the API key of “Survey”?' })
    await dialog.getByRole('button', { name: 'Delete API key' }).click()
    await page.getByRole('button', { name: 'Generate API key', exact: true }).waitFor()
    expect(await statusWith(form.secret)).toBe(401)
    await page.context().close()
  })

  it('tells people without the right who has it', async () => {
    const other = await app.api.addPerson('reviewer@example.org')
    ok(
      await app.api.call('PUT', '/rbac/users', {
        as: app.api.owner,
        query: { formId: form.formId, userId: other.id },
        body: [{ formId: form.formId, userId: other.id, role: 'submission_reviewer' }],
      }),
    )
    const { page, foreignRequests, policyViolations } = await openWatched(app.browser, app.origin, {
      cookie: other.cookie,
    })
    await page.goto(address(form.formId))
    await page.getByText('You may not see it. owner can show and generate it.').waitFor()
    expect(await page.getByRole('button', { name: /Show secret|Generate|Delete/ }).count()).toBe(0)
    expect(foreignRequests).toEqual([])
    expect(policyViolations).toEqual([])
    await page.context().close()
  })
})
