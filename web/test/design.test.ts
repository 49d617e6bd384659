import { afterAll, beforeAll, expect, it } from 'vitest'
import { ok } from '../../server/test/harness.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium, type Watched } from './chromium.ts'

const field = (key: string, label: string) => ({ type: 'textfield', key, label, input: true })
const plain = (...components: object[]) => ({ display: 'form', components })

describeInChromium('the designer', browserTimeout, () => {
  let app: BrowserApp
  beforeAll(async () => {
    app = await openBrowserApp()
  })
  afterAll(() => app?.close())

  const call = async (method: string, path: string, body?: object) =>
    ok(await app.api.call(method, path, { as: app.api.owner, ...(body ? { body } : {}) }))
  const newestDraft = async (formId: string) => {
    const [first] = await call('GET', `/forms/${formId}/drafts`)
    return first && (await call('GET', `/forms/${formId}/drafts/${first.id}`))
  }

  async function design(formId: string, options?: object, watched?: Watched) {
    const { page, ...rest } = watched ?? (await (options ? app.asOwner(options) : app.ownerPage()))
    await page.goto(`/app/form/design?f=${formId}`)
    const builder = page.frameLocator('iframe[title="Form builder"]')
    await builder.getByRole('searchbox').waitFor()
    const add = async (type: string, label: string) => {
      const button = builder.getByRole('button', { name: type, exact: true })
      await button.focus()
      await page.keyboard.press('Enter')
      const dialog = builder.getByRole('dialog', { name: 'Field settings' })
      await dialog.getByRole('textbox', { name: /^Label/ }).fill(label)
      // form.io names the key after the label a moment later.
      const key = dialog.locator('input[name="data[key]"]')
      await expect
        .poll(async () => (await key.inputValue()).toLowerCase(), { timeout: 10_000 })
        .toBe(label.replace(/ /g, '').toLowerCase())
      await dialog.getByRole('button', { name: 'Save', exact: true }).press('Enter')
      await dialog.waitFor({ state: 'detached' })
    }
    const saved = () =>
      page
        .getByRole('status')
        .filter({ hasText: /^Saved/ })
        .waitFor()
    return { page, builder, add, saved, ...rest }
  }

  it('saves a field that was added by keyboard, publishes it, and shows it in the preview', async () => {
    const form = await app.api.addForm({ schema: plain(field('name', 'Name')) })
    const { page, builder, add, saved, ...watched } = await design(form.formId)
    await add('Text Field', 'Favourite colour')
    await builder.getByText('Favourite colour').waitFor()
    await saved()
    expect((await newestDraft(form.formId)).schema.components).toMatchObject([
      { key: 'name' },
      { key: 'favouriteColour', label: 'Favourite colour', type: 'textfield' },
    ])

    await page.getByRole('button', { name: 'Publish' }).click()
    const dialog = page.getByRole('dialog', { name: 'Publish the form' })
    await dialog.getByText('Who has the form open can still submit').waitFor()
    await dialog.getByRole('button', { name: 'Publish' }).click()
    await page.getByText('Published v2').waitFor()
    expect(await newestDraft(form.formId)).toBeUndefined()

    await page.getByRole('button', { name: 'Preview' }).click()
    await page.getByRole('heading', { name: 'Preview' }).waitFor()
    const shown = page.frameLocator('iframe[title="Preview"]')
    await shown.getByRole('textbox', { name: 'Favourite colour' }).fill('Green')
    await page.getByRole('button', { name: 'Submit' }).click()
    await page.getByText('All answers are valid').waitFor()
    expect(ok(await app.api.call('GET', `/forms/${form.formId}/submissions`, { as: form.key }))).toEqual([])
    expect(watched).toEqual({ foreignRequests: [], policyViolations: [], errors: [] })
  })

  it('moves, removes, undoes and redoes by keyboard alone', async () => {
    const form = await app.api.addForm({ schema: plain(field('a', 'First'), field('b', 'Second')) })
    const { page, builder, saved } = await design(form.formId)
    const keys = async () =>
      (await newestDraft(form.formId)).schema.components.map(({ key }: { key: string }) => key).join()
    await builder.getByRole('button', { name: 'Move down: First' }).press('Enter')
    await expect.poll(async () => (await newestDraft(form.formId)) !== undefined).toBe(true)
    await saved()
    expect(await keys()).toBe('b,a')
    await builder.getByRole('button', { name: 'Remove: Second' }).press('Enter')
    await expect.poll(keys).toBe('a')
    await page.getByRole('button', { name: 'Undo' }).press('Enter')
    await expect.poll(keys).toBe('b,a')
    await builder.getByRole('button', { name: 'Edit: First' }).focus()
    await page.keyboard.press('Control+z')
    await expect.poll(keys).toBe('a,b')
    await page.getByRole('button', { name: 'Redo' }).press('Enter')
    await expect.poll(keys).toBe('b,a')
  })

  it('keeps what could not be saved, and saves it at the next visit', async () => {
    const form = await app.api.addForm({ schema: plain(field('name', 'Name')) })
    const watched = await app.ownerPage()
    const { page, add } = await design(form.formId, undefined, watched)
    await page.route('**/drafts**', (route) => (route.request().method() === 'GET' ? route.fallback() : route.abort()))
    await add('Number', 'Lost otherwise')
    await page.getByText('Your last changes are not saved yet').waitFor()
    await page.close()

    const again = await app.anotherPage(watched)
    const { builder, saved } = await design(form.formId, undefined, again)
    await again.page.getByText('Changes that were not saved last time are here again').waitFor()
    await builder.getByText('Lost otherwise').waitFor()
    await saved()
    expect((await newestDraft(form.formId)).schema.components[1]).toMatchObject({ label: 'Lost otherwise' })
  })

  it('never overwrites what somebody else changed, and lets one keep both', async () => {
    const form = await app.api.addForm({ schema: plain(field('name', 'Name')) })
    const path = `/forms/${form.formId}/drafts`
    const draft = await call('POST', path, { schema: plain(field('name', 'Name')) })
    const { page, add, saved } = await design(form.formId)
    await app.api.call('PUT', `${path}/${draft.id}`, { as: form.key, body: { schema: plain(field('x', 'Theirs')) } })
    await add('Number', 'Mine')
    const dialog = page.getByRole('dialog', { name: 'Somebody else changed this form' })
    await dialog.getByText('Last changed by api-key:Default').waitFor()
    await dialog.getByRole('button', { name: 'Keep mine as a new draft' }).click()
    await saved()
    const labels = async (id: string) =>
      (await call('GET', `${path}/${id}`)).schema.components.map(({ label }: { label: string }) => label)
    const drafts: { id: string }[] = await call('GET', path)
    expect(await Promise.all(drafts.map(({ id }) => labels(id)))).toEqual([['Name', 'Mine'], ['Theirs']])
  })

  it('makes a wizard of a form, and adds fields to the page that is shown and to a new one', async () => {
    const form = await app.api.addForm({ schema: plain(field('name', 'Name')) })
    const { page, builder, add } = await design(form.formId)
    await page.getByRole('combobox', { name: 'Layout' }).selectOption('wizard')
    const pages = builder.getByRole('list', { name: 'Pages' })
    await pages.getByRole('button', { name: 'Page 1' }).waitFor()
    await add('Number', 'Age')
    await builder.getByRole('button', { name: 'Add page' }).press('Enter')
    await pages.getByRole('button', { name: 'Page 2' }).press('Enter')
    await add('Checkbox', 'Agreed')
    const outline = async () => {
      const { schema } = await newestDraft(form.formId)
      const pages = schema.components.map(({ key, components }: { key: string; components: { key: string }[] }) =>
        [key, ...components.map((each) => each.key)].join(' '),
      )
      return [schema.display, pages]
    }
    await expect.poll(outline, { timeout: 10_000 }).toEqual(['wizard', ['page1 name age', 'page2 agreed']])

    await builder.getByRole('button', { name: 'Move up: Page 2' }).press('Enter')
    await expect
      .poll(async () => (await newestDraft(form.formId)).schema.components.map(({ key }: { key: string }) => key), {
        timeout: 10_000,
      })
      .toEqual(['page2', 'page1'])
    expect(await pages.getByRole('button').allInnerTexts()).toEqual([
      'Page 2',
      'Page 1',
      expect.stringContaining('Add'),
    ])
  })

  it('takes a field that is dragged into the form by mouse', async () => {
    const form = await app.api.addForm({ schema: plain(field('name', 'Name')) })
    const { page, builder, saved } = await design(form.formId)
    await builder.getByRole('button', { name: 'Number', exact: true }).hover()
    await page.mouse.down()
    const over = await builder.getByRole('textbox', { name: 'Name' }).boundingBox()
    if (!over) throw new Error('The field is not drawn.')
    await page.mouse.move(over.x + 50, over.y + 60, { steps: 5 })
    await page.mouse.move(over.x + 50, over.y + 5, { steps: 5 })
    await page.mouse.up()
    const dialog = builder.getByRole('dialog', { name: 'Field settings' })
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await saved()
    const { schema } = await newestDraft(form.formId)
    expect(schema.components.map(({ type }: { type: string }) => type).sort()).toEqual(['number', 'textfield'])
  })

  it('puts a definition from a file in the place of the draft, keeps the types of CHEFS, and undoes it', async () => {
    const form = await app.api.addForm({ schema: plain(field('name', 'Name')) })
    const { page, builder, saved } = await design(form.formId)
    const importFile = (name: string, text: string) =>
      page.getByLabel('Import a definition from a file').setInputFiles({
        name,
        mimeType: 'application/json',
        buffer: Buffer.from(text),
      })
    await importFile('broken.json', '{')
    await page.getByRole('dialog').getByText('broken.json is no JSON file').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()

    const simple = { ...field('lunch', 'Lunch'), type: 'simpletextfield' }
    await importFile('chefs.json', JSON.stringify({ schema: plain(simple) }))
    await builder.getByRole('button', { name: 'Edit: Lunch' }).press('Enter')
    const dialog = builder.getByRole('dialog', { name: 'Field settings' })
    await dialog.getByRole('textbox', { name: /^Label/ }).fill('Supper')
    await dialog.locator('.component-preview').getByText('Supper').waitFor()
    await dialog.getByRole('button', { name: 'Save', exact: true }).press('Enter')
    await builder.getByText('Supper').waitFor()
    await expect
      .poll(async () => (await newestDraft(form.formId))?.schema.components[0], { timeout: 10_000 })
      .toMatchObject({ type: 'simpletextfield', key: 'lunch', label: 'Supper' })
    await saved()
    for (let step = 0; step < 2; step += 1) await page.getByRole('button', { name: 'Undo' }).first().click()
    await builder.getByText('Name', { exact: true }).waitFor()
  })

  it('covers the buttons of the fields with the dialog of one, where nothing can hover', async () => {
    const form = await app.api.addForm({
      schema: plain(field('a', 'First'), field('b', 'Second'), field('c', 'Third')),
    })
    const phone = { viewport: { width: 390, height: 800 }, isMobile: true, hasTouch: true }
    const { builder } = await design(form.formId, phone)
    await builder.getByRole('button', { name: 'Edit: First' }).press('Enter')
    await builder.getByRole('dialog', { name: 'Field settings' }).waitFor()
    const above = await builder.locator('.component-settings-button').evaluateAll((buttons) => {
      // What is inert is not found by its place, though it may be seen.
      for (const inert of document.querySelectorAll('[inert]')) inert.removeAttribute('inert')
      return buttons.filter((button) => {
        const { x, y, width, height } = button.getBoundingClientRect()
        return button.contains(document.elementFromPoint(x + width / 2, y + height / 2))
      }).length
    })
    expect(above).toBe(0)
  })

  it('refuses to publish what has no field, or two under one name', async () => {
    const twice = plain(field('name', 'Name'), field('name', 'Name again'))
    for (const [schema, said] of [
      [plain(), 'no field to answer'],
      [twice, 'the same property name'],
    ] as const) {
      const form = await app.api.addForm()
      await call('POST', `/forms/${form.formId}/drafts`, { schema })
      const { page } = await design(form.formId)
      await page.getByRole('button', { name: 'Publish' }).click()
      await page.getByRole('dialog').getByText(said).waitFor()
      expect(await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).count()).toBe(0)
    }
  })
})
