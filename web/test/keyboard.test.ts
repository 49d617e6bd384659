import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ok } from '../../server/test/harness.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium, openWatched } from './chromium.ts'

/** More stops than any page of ours has between two things that belong together. */
const stopsMax = 150

/** Moves the focus by Tab until it is on the element, as somebody without a mouse does. */
async function reach(page: Page, element: Locator): Promise<void> {
  await element.waitFor()
  for (let stops = 0; stops < stopsMax; stops += 1) {
    const reached = await element.evaluate((one) => one === document.activeElement && document.hasFocus())
    if (reached) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not lead to ${element}`)
}

async function press(page: Page, element: Locator): Promise<void> {
  await reach(page, element)
  await page.keyboard.press('Enter')
}

async function type(page: Page, element: Locator, text: string): Promise<void> {
  await reach(page, element)
  await page.keyboard.type(text)
}

describeInChromium('with the keyboard alone', browserTimeout, () => {
  let app: BrowserApp
  beforeAll(async () => {
    app = await openBrowserApp()
  })
  afterAll(() => app?.close())

  it('an owner makes, designs and publishes a form, generates its key and signs out', async () => {
    const person = await app.api.addPerson('ada@example.org')
    const { page } = await openWatched(app.browser, app.origin, { cookie: person.cookie })
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    const inDialog = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true })
    await page.goto('/app')
    await press(page, button('New form'))
    await type(page, page.getByRole('textbox', { name: 'Name' }), 'Street lights')
    await press(page, inDialog('Create form'))

    const builder = page.frameLocator('iframe[title="Form builder"]')
    await press(page, builder.getByRole('button', { name: 'Text Field', exact: true }))
    await type(page, builder.getByRole('dialog').getByRole('textbox', { name: /^Label/ }), 'Street')
    await press(page, builder.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }))
    await press(page, button('Publish'))
    await press(page, inDialog('Publish'))
    await page.getByText('Published v1').waitFor()

    await press(page, page.getByRole('link', { name: 'Settings' }))
    await press(page, page.getByRole('link', { name: 'API key' }))
    await press(page, button('Generate API key'))
    await press(page, inDialog('Generate API key'))
    const secret = await page.locator('.key-new').innerText()
    const formId = new URL(page.url()).searchParams.get('f') ?? ''
    const form = ok(await app.api.call('GET', `/forms/${formId}/version`, { as: { formId, secret } }))
    expect(form).toMatchObject({ name: 'Street lights', versions: [{ version: 1 }] })

    await press(page, page.getByRole('button', { name: 'ada', exact: true }))
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/app/sign-in')
  })

  it('an owner gives a program a key of its own', async () => {
    const form = await app.api.addForm()
    const { page } = await app.asOwner()
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    const inDialog = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true })
    await page.goto(`/app/form/manage?f=${form.formId}&section=api-key`)
    await press(page, button('More keys'))
    await press(page, button('Add a key'))
    const name = page.getByRole('textbox', { name: 'Name', exact: true })
    await expect.poll(() => name.evaluate((one) => one === document.activeElement)).toBe(true)
    await page.keyboard.type('Nightly export')
    await reach(page, page.getByRole('radio', { name: 'Read submissions' }))
    await page.keyboard.press('ArrowDown')
    await press(page, inDialog('Make key'))
    const secret = await page.getByRole('dialog').locator('.key-new').innerText()
    const copy = page.getByRole('dialog').getByRole('button', { name: 'Copy Password (API key)' })
    await expect.poll(() => copy.evaluate((one) => one === document.activeElement)).toBe(true)
    await press(page, inDialog('Done'))
    // The next stop after the new key's heading is its own first button.
    const heading = page.getByRole('heading', { name: 'Nightly export' })
    await expect.poll(() => heading.evaluate((one) => one === document.activeElement)).toBe(true)
    await press(page, button('Show secret of Nightly export'))
    await page.getByText(secret, { exact: true }).waitFor()
    const key = { formId: form.formId, secret }
    await app.api.submit({ ...form, secret, key })
  })

  it('a respondent answers, mends a mistake by the summary, and submits', async () => {
    const form = await app.api.addForm({
      schema: {
        display: 'form',
        components: [
          { type: 'textfield', key: 'name', label: 'Name', input: true, validate: { required: true } },
          { type: 'radio', key: 'light', label: 'Light', input: true, values: ['Off', 'On'].map(choice) },
          { type: 'select', key: 'part', label: 'Part', input: true, data: { values: ['Lamp', 'Pole'].map(choice) } },
          { type: 'checkbox', key: 'urgent', label: 'Urgent', input: true },
        ],
      },
    })
    const { page } = await app.asStranger()
    await page.goto(`/app/form/submit?f=${form.formId}`)
    const frame = page.frameLocator('iframe')
    await reach(
      page,
      frame
        .getByRole('radio', { name: 'On' })
        .or(frame.getByRole('radio', { name: 'Off' }))
        .first(),
    )
    await page.keyboard.press('ArrowDown')
    await reach(page, frame.getByRole('combobox', { name: 'Part' }))
    await page.keyboard.press('Enter')
    const search = frame.getByRole('combobox', { name: 'Part', expanded: true }).and(frame.locator('input'))
    await expect.poll(() => search.evaluate((one) => one === document.activeElement)).toBe(true)
    // form.io fills the list anew when it opens; then Pole, the last choice, is where the arrow key ends.
    const chosen = frame.getByRole('combobox', { name: 'Part Pole' })
    await expect
      .poll(async () => {
        await page.keyboard.press('ArrowDown')
        return chosen.count()
      })
      .toBe(1)
    // At once: form.io kept the list open then, and the focus in it.
    await page.keyboard.press('Enter')
    await reach(page, frame.getByRole('checkbox', { name: 'Urgent' }))
    await page.keyboard.press('Space')
    await press(page, page.getByRole('button', { name: 'Submit', exact: true }))
    await press(page, page.getByRole('alert').getByRole('link', { name: 'Name is required' }))
    await page.keyboard.type('Ada')
    await press(page, page.getByRole('button', { name: 'Submit', exact: true }))
    await page.getByRole('heading', { name: 'Your submission was received' }).waitFor()
    const [row] = ok(
      await app.api.call('GET', `/forms/${form.formId}/submissions?fields=name,light,part,urgent`, { as: form.key }),
    )
    expect(row).toMatchObject({ name: 'Ada', light: 'On', part: 'Pole', urgent: true })
  })

  it('a reviewer finds a submission, edits it, and exports', async () => {
    const form = await app.api.addForm()
    await app.api.submit(form, { name: 'Ada' })
    const { page } = await app.asOwner()
    await page.addInitScript('delete window.showSaveFilePicker')
    await page.goto(`/app/form/submissions?f=${form.formId}`)
    await press(page, page.getByRole('table').getByRole('link').first())
    await press(page, page.getByRole('button', { name: 'Edit', exact: true }))
    const frame = page.frameLocator('iframe')
    await reach(page, frame.getByRole('textbox', { name: 'Name', exact: true }))
    await page.keyboard.press('Control+A')
    await page.keyboard.type('Grace')
    await press(page, page.getByRole('button', { name: 'Save changes' }))
    await expect
      .poll(async () =>
        ok(await app.api.call('GET', `/forms/${form.formId}/submissions?fields=name`, { as: form.key })),
      )
      .toMatchObject([{ name: 'Grace' }])
    await press(page, page.getByRole('link', { name: 'Export' }))
    const downloading = page.waitForEvent('download')
    await press(page, page.getByRole('button', { name: 'Export', exact: true }))
    expect((await downloading).suggestedFilename()).toMatch(/\.csv$/)
  })
})

function choice(label: string) {
  return { label, value: label }
}
