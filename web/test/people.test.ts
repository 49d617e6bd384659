import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium, openWatched } from './chromium.ts'

describeInChromium('people of a server', browserTimeout, () => {
  let app: BrowserApp
  beforeAll(async () => {
    app = await openBrowserApp()
    await app.api.database.db.updateTable('app_user').set({ server_owner: true }).execute()
    await app.api.addPerson('zoe@example.org')
  })
  afterAll(() => app.close())

  it('invites somebody with a link that is shown once, and withdraws the invitation', async () => {
    const { page, ...watched } = await app.asOwner()
    await page.goto('/app/people')
    await page.getByLabel('E-mail address', { exact: true }).fill('new@example.org')
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
    const link = await page.getByLabel('Invitation link', { exact: true }).inputValue()
    const token = new URL(link).hash.replace('#token=', '')
    const lookUp = () => app.api.call('POST', '/invitations/look-up', { body: { token } })
    expect((await lookUp()).json()).toMatchObject({ email: 'new@example.org' })
    await page.getByRole('button', { name: 'Withdraw the invitation of new@example.org' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw invitation' }).click()
    await page.getByText('Nobody is invited at the moment.').waitFor()
    expect((await lookUp()).statusCode).toBe(403)
    expect(watched).toMatchObject({ foreignRequests: [], policyViolations: [], errors: [] })
    await page.context().close()
  })

  it('says that an address has an account, and finds that account', async () => {
    const { page } = await app.asOwner()
    await page.goto('/app/people')
    await page.getByLabel('E-mail address', { exact: true }).fill('zoe@example.org')
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
    await page.getByText('This e-mail address has an account already.').waitFor()
    await page.getByLabel('Find by name or e-mail address').fill('ZOÉ')
    await page.getByText('1 account', { exact: true }).waitFor()
    await page.getByRole('cell', { name: 'zoe@example.org' }).waitFor()
    await page.context().close()
  })

  it('says to others who may see this', async () => {
    const { cookie } = await app.api.addPerson('other@example.org')
    const { page } = await openWatched(app.browser, app.origin, { cookie })
    await page.goto('/app/people')
    await page.getByText('Only the owner of this server sees who has an account').waitFor()
    await page.context().close()
  })
})
