import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium, openWatched } from './chromium.ts'

const small = {
  display: 'form',
  components: [
    { type: 'textfield', key: 'name', label: 'Name', input: true, validate: { required: true, maxLength: 100 } },
    { type: 'number', key: 'age', label: 'Age', input: true, validate: { min: 0, max: 150 } },
  ],
}

describeInChromium('filling in a form', browserTimeout, () => {
  let app: BrowserApp
  beforeAll(async () => {
    app = await openBrowserApp()
  })
  afterAll(() => app?.close())

  /** Opens a form that takes two answers, as a stranger unless asked otherwise. */
  async function open(settings: object = {}, address = '', schema: object = small) {
    const form = await app.api.addForm({ schema, settings })
    const watched = await app.asStranger()
    await watched.page.goto(`/app/form/submit?f=${form.formId}${address}`)
    return { ...watched, watched, form, frame: watched.page.frameLocator('iframe') }
  }

  async function submissionsOf(form: { formId: string; key: object }) {
    const reply = await app.api.call('GET', `/forms/${form.formId}/submissions?fields=name,age`, {
      as: form.key as { formId: string; secret: string },
    })
    return reply.json() as { name: string; confirmationId: string }[]
  }

  const submit = (page: Page) => page.getByRole('button', { name: 'Submit', exact: true }).click()

  it('takes answers and shows the confirmation ID', async () => {
    const { page, form, frame, watched } = await open()
    await frame.getByLabel('Name').fill('Ada')
    await submit(page)
    await page.getByRole('heading', { level: 1, name: 'Your submission was received' }).waitFor()
    const stored = await submissionsOf(form)
    expect(stored).toMatchObject([{ name: 'Ada' }])
    await page.getByText(stored[0]?.confirmationId ?? 'none').waitFor()
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
    expect(watched.errors).toEqual([])
    expect(watched.policyViolations).toEqual([])
    expect(watched.foreignRequests).toEqual([])
  })

  it('lists mistakes in a summary that has the focus and leads to the fields', async () => {
    const { page, form, frame } = await open()
    await frame.getByLabel('Name').waitFor()
    await submit(page)
    const summary = page.getByRole('alert').filter({ hasText: 'There is a problem' })
    await summary.waitFor()
    expect(await summary.evaluate((element) => element === document.activeElement)).toBe(true)
    await summary.getByRole('link', { name: 'Name is required' }).click()
    await page.keyboard.type('Ada')
    expect(await frame.getByLabel('Name').inputValue()).toBe('Ada')
    expect(await submissionsOf(form)).toEqual([])
  })

  const received = (page: Page) =>
    page.getByRole('heading', { level: 1, name: 'Your submission was received' }).waitFor()

  it('keeps answers over a reload, and forgets them when asked to or once they are submitted', async () => {
    const { page, frame } = await open()
    await frame.getByLabel('Name').fill('Ada')
    await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage))).toContain('Ada')
    await page.reload()
    await page.getByText(/^Your answers from .* are still here/).waitFor()
    await expect.poll(() => frame.getByLabel('Name').inputValue()).toBe('Ada')
    await page.getByRole('button', { name: 'Start again' }).click()
    const dialog = page.getByRole('dialog', { name: 'Start again?' })
    expect(
      await dialog.getByRole('button', { name: 'Keep my answers' }).evaluate((each) => each.matches(':focus')),
    ).toBe(true)
    await dialog.getByRole('button', { name: 'Start again' }).click()
    await expect.poll(() => frame.getByLabel('Name').inputValue()).toBe('')
    await frame.getByLabel('Name').fill('Bo')
    await submit(page)
    await received(page)
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('answers')
  })

  it('makes one submission of answers that are sent again after the connection was lost', async () => {
    const { page, form, frame } = await open()
    await page.route('**/submissions', async (route) => {
      await route.fetch()
      await route.abort('connectionreset')
    })
    await frame.getByLabel('Name').fill('Ada')
    await submit(page)
    await page.getByText(/^The server did not answer\. Your answers are still here/).waitFor()
    await page.unroute('**/submissions')
    await page.reload()
    await frame.getByLabel('Name').waitFor()
    await submit(page)
    await received(page)
    expect(await submissionsOf(form)).toHaveLength(1)
  })

  it('says that earlier answers arrived when they were changed before they are sent again', async () => {
    const { page, form, frame } = await open()
    await page.route('**/submissions', (route) => route.fetch().then(() => route.abort('connectionreset')), {
      times: 1,
    })
    await frame.getByLabel('Name').fill('Ada')
    await submit(page)
    await page.getByText(/^The server did not answer/).waitFor()
    await frame.getByLabel('Name').fill('Ada Lovelace')
    await submit(page)
    await page.getByText(/^Your earlier answers did arrive/).waitFor()
    await page.getByRole('button', { name: 'Submit the changed answers too' }).click()
    await received(page)
    expect((await submissionsOf(form)).map(({ name }) => name)).toEqual(['Ada Lovelace', 'Ada'])
  })

  it('offers to submit again when the network is back', async () => {
    const { page, form, frame } = await open()
    await frame.getByLabel('Name').fill('Ada')
    await page.context().setOffline(true)
    await submit(page)
    await page.getByText(/^You are offline/).waitFor()
    await page.context().setOffline(false)
    await page.getByText(/^The connection is back/).waitFor()
    await page.getByRole('button', { name: 'Submit again' }).click()
    await received(page)
    expect(await submissionsOf(form)).toHaveLength(1)
  })

  it('shows the server’s objections at the fields, and loses nothing', async () => {
    const { page, form, frame } = await open()
    await page.route('**/submissions', async (route) => {
      const body = { ...route.request().postDataJSON(), submission: { data: { name: 'Ada', age: 'old' } } }
      await route.continue({ postData: JSON.stringify(body) })
    })
    await frame.getByLabel('Name').fill('Ada')
    await submit(page)
    const summary = page.getByRole('alert').filter({ hasText: 'There is a problem' })
    const message = await summary.getByRole('link').innerText()
    await frame.getByText(message).waitFor()
    // It stays while something else is changed, and goes once its own answer is.
    await frame.getByLabel('Name').fill('Ada L')
    await page.waitForTimeout(1000)
    expect(await frame.getByText(message).count()).toBe(1)
    await frame.getByLabel('Age').fill('36')
    await frame.getByText(message).waitFor({ state: 'detached' })
    expect(await frame.getByLabel('Name').inputValue()).toBe('Ada L')
    await page.unroute('**/submissions')
    await submit(page)
    await received(page)
    expect(await submissionsOf(form)).toHaveLength(1)
  })

  it.each<[string, object | undefined, RegExp]>([
    [
      'not open yet',
      { enabled: true, scheduleType: 'period', openSubmissionDateTime: '2100-01-01' },
      /is not open yet/,
    ],
    ['closed', { enabled: true, scheduleType: 'closingDate', closeSubmissionDateTime: '2020-01-01' }, /is closed/],
    ['removed', undefined, /There is no form here/],
  ])('says that a form is %s', async (_, schedule, heading) => {
    const { page, form } = await open(schedule ? { schedule } : {})
    if (!schedule) await app.api.call('DELETE', `/forms/${form.formId}`, { as: app.api.owner })
    await page.reload()
    await page.getByRole('heading', { name: heading }).waitFor()
  })

  it('sends whoever is not signed in to sign in, and back', async () => {
    const form = await app.api.addForm({ schema: small, access: 'login' })
    const { page } = await app.asStranger()
    const address = `/app/form/submit?f=${form.formId}`
    await page.goto(address)
    const link = page.getByRole('link', { name: 'Sign in' })
    expect(await link.getAttribute('href')).toBe(`/app/sign-in?to=${encodeURIComponent(address)}`)
  })

  it('lets a person whose session ended sign in again over the form, and goes on', async () => {
    const form = await app.api.addForm({ schema: small, access: 'login' })
    const { page } = await app.asOwner()
    await page.goto(`/app/form/submit?f=${form.formId}`)
    await page.frameLocator('iframe').getByLabel('Name').fill('Ada')
    await page.context().clearCookies()
    await submit(page)
    const dialog = page.getByRole('dialog', { name: 'Your session ended' })
    await dialog.getByLabel('Password').fill('correct horse battery')
    await dialog.getByRole('button', { name: 'Sign in' }).click()
    await received(page)
    expect(await submissionsOf(form)).toMatchObject([{ name: 'Ada', createdBy: 'owner@example.org' }])
  })

  it('keeps drafts of signed-in people, goes on with them, and submits them', async () => {
    const form = await app.api.addForm({ schema: small, access: 'login', settings: { enableSubmitterDraft: true } })
    const { page } = await app.asOwner()
    const frame = page.frameLocator('iframe')
    await page.goto(`/app/form/submit?f=${form.formId}`)
    await frame.getByLabel('Age').fill('36')
    await page.getByRole('button', { name: 'Save as draft' }).click()
    await page.getByText(/^Draft saved/).waitFor()
    await page.goto(`/app/form/submit?f=${form.formId}`)
    await page.getByRole('link', { name: /^Continue/ }).click()
    await expect.poll(() => frame.getByLabel('Age').inputValue()).toBe('36')
    await frame.getByLabel('Name').fill('Ada')
    await submit(page)
    await received(page)
    expect(await submissionsOf(form)).toMatchObject([{ name: 'Ada', age: 36, formSubmissionStatusCode: 'SUBMITTED' }])
  })

  it.each([
    ['a respondent', async () => (await app.api.addPerson('carol@example.org')).cookie],
    ['whoever may change submissions', async () => app.api.owner.cookie],
  ])('loses nothing of %s who has a draft open twice', async (_, cookieOf) => {
    const form = await app.api.addForm({ schema: small, access: 'login', settings: { enableSubmitterDraft: true } })
    const { page } = await openWatched(app.browser, app.origin, { cookie: await cookieOf() })
    await page.goto(`/app/form/submit?f=${form.formId}`)
    await page.frameLocator('iframe').getByLabel('Age').fill('36')
    await page.getByRole('button', { name: 'Save as draft' }).click()
    await page.waitForURL(/[?&]s=/)
    const second = await page.context().newPage()
    await second.goto(page.url())
    await second.frameLocator('iframe').getByLabel('Name').fill('Grace')
    await page.frameLocator('iframe').getByLabel('Name').fill('Ada')
    await submit(page)
    await received(page)
    await submit(second)
    await second.getByText('This draft was submitted in another window with other answers.').waitFor()
    expect(await submissionsOf(form)).toMatchObject([{ name: 'Ada' }])
    await second.getByRole('button', { name: 'Submit the changed answers too' }).click()
    await received(second)
    expect((await submissionsOf(form)).map(({ name }) => name).sort()).toEqual(['Ada', 'Grace'])
  })

  it('overwrites no draft that another window saved, unless told to', async () => {
    const form = await app.api.addForm({ schema: small, access: 'login', settings: { enableSubmitterDraft: true } })
    const { page } = await openWatched(app.browser, app.origin, { cookie: app.api.owner.cookie })
    const save = (window: Page) => window.getByRole('button', { name: 'Save as draft' }).click()
    await page.goto(`/app/form/submit?f=${form.formId}`)
    await page.frameLocator('iframe').getByLabel('Age').fill('36')
    await save(page)
    await page.waitForURL(/[?&]s=/)
    const id = new URL(page.url()).searchParams.get('s')
    const nameOf = async () =>
      (await app.api.call('GET', `/submissions/${id}`, { as: app.api.owner })).json().submission.submission.data.name
    const second = await page.context().newPage()
    await second.goto(page.url())
    await second.frameLocator('iframe').getByLabel('Name').fill('Grace')
    await page.frameLocator('iframe').getByLabel('Name').fill('Ada')
    await save(page)
    await expect.poll(nameOf).toBe('Ada')
    await save(second)
    await second.getByText('This draft was changed in another window').waitFor()
    expect(await nameOf()).toBe('Ada')
    await second.getByRole('button', { name: 'Replace it with the answers here' }).click()
    await expect.poll(nameOf).toBe('Grace')
  })

  it('lets another site embed a public form, without the visitor’s session', async () => {
    const form = await app.api.addForm({ schema: small })
    const { page, policyViolations } = await app.asOwner()
    const host = `<script>addEventListener('message', ({ data }) => { if (data.type === 'formgate:height') window.told = data.px })</script>
      <iframe src="${app.origin}/app/form/submit?f=${form.formId}&embed=1" width="600" height="800"></iframe>`
    await page.route('http://127.0.0.1:1/host', (route) => route.fulfill({ contentType: 'text/html', body: host }))
    await page.goto('http://127.0.0.1:1/host')
    const embedded = page.frameLocator('iframe')
    await embedded.frameLocator('iframe').getByLabel('Name').fill('Ada')
    await expect.poll(() => page.evaluate(() => (window as { told?: number }).told ?? 0)).toBeGreaterThan(100)
    expect(await embedded.getByRole('contentinfo').count()).toBe(0)
    await embedded.getByRole('button', { name: 'Submit', exact: true }).click()
    await embedded.getByRole('heading', { name: 'Your submission was received' }).waitFor()
    expect(await submissionsOf(form)).toMatchObject([{ name: 'Ada', createdBy: 'public' }])
    expect(policyViolations).toEqual([])
  })
})
