import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type OidcServer, openOidcServer } from '../../server/test/oidc-server.ts'
import { openPeopleApp, type PeopleApp } from '../../server/test/people-app.ts'
import { browserTimeout, closeContexts, describeInChromium, openWatched, sharedChromium } from './chromium.ts'

/** The provider must know our address before we have started. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server's address is no string
  await new Promise((resolve) => server.close(resolve))
  return port
}

describeInChromium('signing in with a provider', browserTimeout, () => {
  let provider: OidcServer
  let people: PeopleApp
  let browser: Browser
  let origin: string

  beforeAll(async () => {
    const port = await freePort()
    origin = `http://localhost:${port}`
    provider = await openOidcServer(`${origin}/app/api/auth/oidc/callback`)
    provider.describe('pia', { email: 'pia@example.org', email_verified: true, name: 'Pia Provided' })
    const { issuer, clientId, clientSecret } = provider
    people = await openPeopleApp({
      publicUrl: new URL(origin),
      oidc: {
        issuer,
        clientId,
        clientSecret,
        trustEmail: false,
        clientAuth: 'basic',
        name: 'Contoso',
        scopes: 'openid profile email',
        signUp: 'open',
      },
    })
    await people.addPerson('Ada', 'ada@example.org')
    await people.app.listen({ port, host: '127.0.0.1' })
    browser = await sharedChromium()
  })
  afterAll(async () => {
    await closeContexts(browser)
    await people.close()
    await provider.close()
  })

  async function open(): Promise<Page> {
    const { page } = await openWatched(browser, origin)
    // The provider's own pages ask for fonts elsewhere.
    await page.context().route(/googleapis|gstatic/, (route) => route.abort())
    return page
  }

  async function signInAtProvider(page: Page) {
    await page.getByRole('link', { name: 'Sign in with Contoso' }).click()
    await page.locator('input[name=login]').fill('pia')
    await page.locator('input[name=password]').fill('any')
    await page.locator('button[type=submit]').click()
    await page.getByRole('button', { name: 'Continue' }).click()
  }

  it('leads out and back to the page that was asked for', async () => {
    const page = await open()
    await page.goto('/app/account')
    await signInAtProvider(page)
    await page.waitForURL(`${origin}/app/account`)
    await page.getByText('Your name comes from Contoso').waitFor()
    await page.getByText('This account has no password').waitFor()
    await page.context().close()
  })

  it('explains in words why the provider let nobody in', async () => {
    const page = await open()
    await page.goto('/app/sign-in')
    await page.getByRole('link', { name: 'Sign in with Contoso' }).click()
    await page.getByRole('link', { name: /cancel/i }).click()
    await page.getByText('Signing in was cancelled, or the other service refused it.').waitFor()
    await page.context().close()
  })

  it('signs somebody without a password in again, in another window, and goes on', async () => {
    const page = await open()
    await page.goto('/app/account')
    await signInAtProvider(page)
    await page.getByText('Your name comes from Contoso').waitFor()
    const { db } = people.database
    const pia = await db.selectFrom('app_user').select('id').where('email', '=', 'pia@example.org').executeTakeFirst()
    const formId = await people.addForm(pia?.id ?? '', 'owner')
    await page.goto(`/app/form/manage?f=${formId}&section=general`)
    const name = page.getByRole('textbox', { name: 'Name', exact: true })
    await name.fill('Typed before the end')
    await db.deleteFrom('auth_session').execute()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Your session ended' })
    expect(await dialog.getByLabel('Password').count()).toBe(0)
    await dialog.getByRole('button', { name: 'Sign in with Contoso' }).click()
    await dialog.waitFor({ state: 'hidden' })
    const saved = () => db.selectFrom('form').select('name').where('id', '=', formId).executeTakeFirst()
    await expect.poll(saved).toEqual({ name: 'Typed before the end' })
    await page.context().close()
  })
})
