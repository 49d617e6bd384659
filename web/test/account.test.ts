import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium, openWatched } from './chromium.ts'

const password = 'correct horse battery'
const newPassword = 'another correct horse'

describeInChromium('one’s account', browserTimeout, () => {
  let app: BrowserApp
  beforeAll(async () => {
    app = await openBrowserApp()
  })
  afterAll(() => app.close())

  const as = (cookie: string) => openWatched(app.browser, app.origin, { cookie })

  it('changes the name, and shows it at once', async () => {
    const { cookie } = await app.api.addPerson('ann@example.org')
    const { page, ...watched } = await as(cookie)
    await page.goto('/app/account')
    await page.getByRole('textbox', { name: 'Name' }).fill('Ann Other')
    await page.getByRole('button', { name: 'Save name' }).click()
    await page.getByText('Your name was changed.').waitFor()
    await page.getByRole('button', { name: 'Ann Other' }).waitFor()
    expect(watched).toMatchObject({ foreignRequests: [], policyViolations: [], errors: [] })
    await page.context().close()
  })

  it('changes the password only for who knows the present one', async () => {
    const { cookie } = await app.api.addPerson('pat@example.org')
    const { page } = await as(cookie)
    await page.goto('/app/account')
    await page.getByLabel('Present password').fill('not this one')
    await page.getByLabel('New password').fill(newPassword)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('The present password is wrong.').waitFor()
    expect(await page.getByLabel('New password').inputValue()).toBe(newPassword)
    await page.getByLabel('Present password').fill(password)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('Your password was changed.').waitFor()
    const body = { email: 'pat@example.org', password: newPassword }
    expect((await app.api.call('POST', '/app/api/auth/sign-in/email', { body })).statusCode).toBe(200)
    await page.context().close()
  })

  it('signs out everywhere after asking, with the safe answer in focus', async () => {
    const { cookie } = await app.api.addPerson('sam@example.org')
    const { page } = await as(cookie)
    await page.goto('/app/account')
    const button = page.getByRole('button', { name: 'Sign out everywhere' })
    await button.click()
    const dialog = page.getByRole('dialog')
    const cancel = dialog.getByRole('button', { name: 'Cancel' })
    await expect.poll(() => cancel.evaluate((each) => each === document.activeElement)).toBe(true)
    await dialog.getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.waitForURL('/app/sign-in')
    expect((await app.api.call('GET', '/rbac/current', { as: { cookie } })).statusCode).toBe(401)
    expect(await page.getByRole('button', { name: 'sam' }).count()).toBe(0)
    await page.context().close()
  })

  it('signs in again over the page when the session has ended, and loses nothing that was typed', async () => {
    const { cookie } = await app.api.addPerson('eve@example.org')
    const { page } = await as(cookie)
    await page.goto('/app/account')
    await page.getByRole('textbox', { name: 'Name' }).fill('Eve Ning')
    await app.api.call('POST', '/app/api/auth/sign-out-everywhere', { as: { cookie } })
    await page.getByRole('button', { name: 'Save name' }).click()
    const dialog = page.getByRole('dialog', { name: 'Your session ended' })
    await dialog.getByLabel('Password').fill(password)
    await dialog.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Your name was changed.').waitFor()
    await page.getByRole('button', { name: 'Eve Ning' }).waitFor()
    await page.context().close()
  })

  it('keeps language and appearance for the next visit', async () => {
    const { page } = await app.asOwner()
    await page.goto('/app/account')
    await page.locator('main').getByLabel('Appearance').selectOption('dark')
    await page.locator('main').getByLabel('Language').selectOption('fr')
    await page.getByRole('heading', { name: 'Compte' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Compte' }).waitFor()
    expect(
      await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.bsTheme]),
    ).toEqual(['fr', 'dark'])
    await page.context().close()
  })
})
