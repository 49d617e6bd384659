import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { goodPassword, openPeopleApp, type PeopleApp } from '../../server/test/people-app.ts'
import { browserTimeout, closeContexts, describeInChromium, openWatched, sharedChromium } from './chromium.ts'

describeInChromium('signing in', browserTimeout, () => {
  let people: PeopleApp
  let browser: Browser
  let origin: string

  beforeAll(async () => {
    people = await openPeopleApp({ signUp: 'open' })
    await people.app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = people.app.server.address() as AddressInfo // a TCP server's address is no string
    origin = `http://localhost:${port}`
    browser = await sharedChromium()
  })
  afterAll(async () => {
    await closeContexts(browser)
    await people.close()
  })

  const open = (options?: object) => openWatched(browser, origin, options)

  async function fill(page: Page, values: Record<string, string>, button: string) {
    for (const [label, value] of Object.entries(values)) await page.getByLabel(label, { exact: true }).fill(value)
    await page.getByRole('button', { name: button }).click()
  }

  const owner = { Name: 'Ada Owner', 'E-mail address': 'ada@example.org', Password: goodPassword }

  it('makes the first account with the link of the console, names each mistake at its field, and signs in', async () => {
    const { page, ...watched } = await open()
    await page.goto(`/app/set-up#token=${await people.firstAccount.setUpToken()}`)
    await fill(page, { ...owner, 'E-mail address': 'ada', Password: 'short' }, 'Make the first account')
    const email = page.getByLabel('E-mail address')
    await expect.poll(() => email.evaluate((field) => field === document.activeElement)).toBe(true)
    await expect.poll(() => page.getByText('Enter a password of 10 to 128 characters.').isVisible()).toBe(true)
    expect(await page.getByLabel('Name').inputValue()).toBe('Ada Owner')
    await fill(page, owner, 'Make the first account')
    await page.waitForURL('/app')
    await page.getByRole('button', { name: 'Ada Owner' }).waitFor()
    expect(watched).toMatchObject({ foreignRequests: [], policyViolations: [], errors: [] })
    await page.context().close()
  })

  it('says that the set-up link is used, once there is an account', async () => {
    const { page } = await open()
    await page.goto('/app/set-up#token=used')
    await page.getByText('This server is set up already').waitFor()
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).waitFor()
    await page.goto('/app/sign-in')
    await fill(page, { 'E-mail address': 'ada@example.org', Password: goodPassword }, 'Sign in')
    await page.waitForURL('/app')
    await page.goto('/app/set-up#token=used')
    await page.getByRole('main').getByRole('link', { name: 'My forms' }).waitFor()
    await page.context().close()
  })

  it('leads to sign in, refuses a wrong password in words, and leads back by the keyboard alone', async () => {
    const { page, ...watched } = await open()
    await page.goto('/app/account')
    await page.waitForURL(/\/app\/sign-in\?to=/)
    await page.getByLabel('E-mail address').waitFor()
    await page.keyboard.type('ada@example.org')
    await page.keyboard.press('Tab')
    await page.keyboard.type('not the password')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('The e-mail address or the password is wrong').waitFor()
    await page.getByLabel('Password', { exact: true }).focus()
    await page.keyboard.press('Control+A')
    await page.keyboard.type(goodPassword)
    await page.keyboard.press('Enter')
    await page.waitForURL('/app/account')
    expect(watched).toMatchObject({ foreignRequests: [], policyViolations: [], errors: [] })
    await page.context().close()
  })

  it('never leads to another host after signing in', async () => {
    const { page, ...watched } = await open()
    await page.goto('/app/sign-in?to=//example.com/app')
    await fill(page, { 'E-mail address': 'ada@example.org', Password: goodPassword }, 'Sign in')
    await page.waitForURL('/app')
    expect(watched.foreignRequests).toEqual([])
    await page.context().close()
  })

  it('says when to try again after too many wrong passwords', async () => {
    await people.addPerson('Bob', 'bob@example.org')
    const payload = { email: 'bob@example.org', password: 'wrong password' }
    for (let tries = 0; tries < 10; tries += 1) {
      await people.app.inject({ method: 'POST', url: '/app/api/auth/sign-in/email', payload })
    }
    const { page } = await open()
    await page.goto('/app/sign-in')
    await fill(page, { 'E-mail address': 'bob@example.org', Password: goodPassword }, 'Sign in')
    await page.getByText(/Try again in 1\d minutes/).waitFor()
    await page.context().close()
  })

  it('lets somebody make an account where sign-up is open', async () => {
    const { page } = await open({ locale: 'fr-CA' })
    await page.goto('/app/sign-in')
    await page.getByRole('link', { name: 'Créer un compte' }).click()
    const person = { Nom: 'Zoé', 'Adresse courriel': 'zoe@example.org', 'Mot de passe': goodPassword }
    await fill(page, person, 'Créer le compte')
    await page.getByRole('button', { name: 'Zoé' }).waitFor()
    await page.context().close()
  })

  it('makes the account of an invitation to a form and leads to that form', async () => {
    const cookie = await people.signIn('ada@example.org')
    const call = (url: string, payload: object) =>
      people.app.inject({ method: 'POST', url: `/app/api/v1${url}`, headers: { cookie }, payload })
    const form = (await call('/forms', { name: 'Well water', schema: { components: [] } })).json()
    const invited = { email: 'rev@example.org', formId: form.id, roles: ['submission_reviewer'] }
    const { link } = (await call('/invitations', invited)).json()
    const { page, ...watched } = await open()
    await page.goto(`/app/accept-invitation${new URL(link).hash}`)
    await page.getByText('Ada Owner invites you to work on the form “Well water”.').waitFor()
    expect(await page.getByLabel('E-mail address').inputValue()).toBe('rev@example.org')
    await fill(page, { Name: 'Rev', Password: goodPassword }, 'Make account')
    await page.waitForURL(`/app/form/submissions?f=${form.id}`)
    expect(watched).toMatchObject({ foreignRequests: [], policyViolations: [], errors: [] })
    await page.goto(`/app/accept-invitation${new URL(link).hash}`)
    await page.getByText('It was used, was withdrawn or is older than 7 days.').waitFor()
    await page.context().close()
  })

  it('lets somebody who got an account meanwhile join the team of the invitation', async () => {
    const cookie = await people.signIn('ada@example.org')
    const call = (url: string, payload: object) =>
      people.app.inject({ method: 'POST', url: `/app/api/v1${url}`, headers: { cookie }, payload })
    const form = (await call('/forms', { name: 'Soil', schema: { components: [] } })).json()
    const invited = { email: 'late@example.org', formId: form.id, roles: ['form_designer'] }
    const { link } = (await call('/invitations', invited)).json()
    await people.addPerson('Late', 'late@example.org')
    const { page } = await open()
    await page.goto(`/app/accept-invitation${new URL(link).hash}`)
    await fill(page, { Name: 'Late', Password: goodPassword }, 'Make account')
    await page.getByText('This e-mail address has an account already. Sign in with it.').waitFor()
    await page.getByRole('button', { name: 'I have an account already' }).click()
    await fill(page, { Password: goodPassword }, 'Sign in and join')
    await page.waitForURL(`/app/form/design?f=${form.id}`)
    await page.context().close()
  })
})
