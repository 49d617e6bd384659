import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { plainForm } from '../../server/test/definitions.ts'
import { ok } from '../../server/test/harness.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium, openWatched } from './chromium.ts'

describeInChromium('my forms', browserTimeout, () => {
  let app: BrowserApp
  let person: { cookie: string; id: string }
  let page: Page
  beforeAll(async () => {
    app = await openBrowserApp()
  })
  afterAll(() => app?.close())
  beforeEach(async ({ onTestFinished }) => {
    person = await app.api.addPerson(`${crypto.randomUUID()}@example.org`)
    page = (await openWatched(app.browser, app.origin, { cookie: person.cookie })).page
    onTestFinished(() => page.context().close())
  })

  const create = async (name: string, more: object = {}): Promise<{ id: string; draft?: { id: string } }> =>
    ok(await app.api.call('POST', '/forms', { as: person, body: { name, schema: plainForm, ...more } }))
  const publish = async ({ id, draft }: { id: string; draft?: { id: string } }) =>
    ok(await app.api.call('POST', `/forms/${id}/drafts/${draft?.id}/publish`, { as: person }))
  const open = async (query = '') => {
    await page.goto(`/app${query}`)
    await page.getByRole('heading', { name: 'My forms' }).waitFor()
  }
  const names = () => page.locator('.form-row-name').allInnerTexts()
  const formInAddress = () => new URL(page.url()).searchParams.get('f') ?? ''
  const stored = async (formId: string) => ok(await app.api.call('GET', `/forms/${formId}`, { as: person }))
  const act = async (form: string, action: string) => {
    await page.getByRole('button', { name: `Actions for ${form}` }).click()
    await page.getByRole('button', { name: action }).click()
  }

  it('create the first form by keyboard alone, and lead into its design', async () => {
    await open()
    await page.getByText('You have no forms yet.').waitFor()
    await page.getByRole('button', { name: 'New form' }).focus()
    await page.keyboard.press('Enter')
    const name = page.getByRole('textbox', { name: 'Name' })
    await expect.poll(() => name.evaluate((field) => field === document.activeElement)).toBe(true)
    await page.keyboard.press('Enter')
    await page.getByText('Enter a name for the form.').waitFor()
    await page.keyboard.type('Community grant')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Once a year')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/app/form/design?f=*')
    expect(await stored(formInAddress())).toMatchObject({
      name: 'Community grant',
      description: 'Once a year',
      identityProviders: [{ code: 'login' }],
    })
  })

  it('find forms by words and sort them, and keep both in the address', async () => {
    for (const name of ['Élan sightings', 'Bear sightings', 'Parking']) await create(name)
    await open()
    await expect.poll(names).toHaveLength(3)
    await page.getByLabel('Sort by').selectOption('Name')
    await expect.poll(names).toEqual(['Bear sightings Draft', 'Élan sightings Draft', 'Parking Draft'])
    await page.getByRole('searchbox').fill('sightings elan')
    await expect.poll(names).toEqual(['Élan sightings Draft'])
    await page.reload()
    await expect.poll(names).toEqual(['Élan sightings Draft'])
    await page.getByRole('searchbox').fill('nothing like it')
    await page.getByText('None of your forms matches “nothing like it”.').waitFor()
    await page.getByRole('button', { name: 'Clear search' }).click()
    await expect.poll(names).toHaveLength(3)
  })

  it('show the state of a form and what was submitted, and lead to the submissions', async () => {
    const form = await create('Survey', { identityProviders: [{ code: 'public' }] })
    const { id } = await publish(form)
    const body = { submission: { data: { name: 'Ada' } } }
    ok(await app.api.call('POST', `/forms/${form.id}/versions/${id}/submissions`, { body }))
    await open()
    await page.getByText('1 submission', { exact: true }).waitFor()
    expect(await names()).toEqual(['Survey Published v1'])
    await page.getByRole('link', { name: 'Survey' }).click()
    await page.waitForURL(`**/app/form/submissions?f=${form.id}`)
  })

  it('import a definition from a file, under the name in it', async () => {
    await open()
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Import a definition' }).click()
    const buffer = Buffer.from(JSON.stringify({ name: 'Moved from CHEFS', schema: plainForm }))
    await (await chooser).setFiles({ name: 'moved_schema.json', mimeType: 'application/json', buffer })
    await page.getByRole('heading', { name: 'New form from moved_schema.json' }).waitFor()
    await page.getByRole('button', { name: 'Create form' }).click()
    await page.waitForURL('**/app/form/design?f=*')
    const formId = formInAddress()
    expect((await stored(formId)).name).toBe('Moved from CHEFS')
    const [draft] = ok(await app.api.call('GET', `/forms/${formId}/drafts`, { as: person }))
    const { schema } = ok(await app.api.call('GET', `/forms/${formId}/drafts/${draft.id}`, { as: person }))
    expect(schema).toEqual(plainForm)
  })

  it.each([
    ['is no JSON', 'not JSON', /is no JSON file.*No form was created/],
    ['holds no definition', '{"a":1}', /holds no form definition.*No form was created/],
    ['holds a broken one', '{"components":[{"type":7}]}', /are not as form.io writes them.*No form was created/],
  ])('refuse a file that %s, and say so', async (_, text, message) => {
    await open()
    await page
      .getByLabel('Definition, a JSON file')
      .setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(text) })
    await page.getByRole('dialog').getByText(message).waitFor()
    expect(ok(await app.api.call('GET', '/rbac/current/forms', { as: person }))).toEqual([])
  })

  it('copy a form with its newest design and its settings, and without its schedule and key', async () => {
    const schedule = { enabled: true, scheduleType: 'closingDate', closeSubmissionDateTime: '2020-01-01T00:00:00Z' }
    const more = { description: 'For all', labels: ['grants'], enableSubmitterDraft: true, schedule }
    const form = await create('Grant', { ...more, identityProviders: [{ code: 'login' }] })
    await publish(form)
    ok(await app.api.call('PUT', `/forms/${form.id}/apiKey`, { as: person }))
    const title = 'Newest'
    const body = { schema: { ...plainForm, title } }
    ok(await app.api.call('POST', `/forms/${form.id}/drafts`, { as: person, body }))
    await open()
    await act('Grant', 'Copy …')
    await page.getByRole('button', { name: 'Create copy' }).click()
    await page.waitForURL((url) => url.pathname === '/app/form/design' && url.searchParams.get('f') !== form.id)
    const copyId = formInAddress()
    const copy = await stored(copyId)
    expect(copy).toMatchObject({ name: 'Copy of Grant', description: 'For all', labels: ['grants'], versions: [] })
    expect(copy).toMatchObject({ enableSubmitterDraft: true, identityProviders: [{ code: 'login' }] })
    expect(copy.schedule).not.toMatchObject({ enabled: true })
    const [draft] = ok(await app.api.call('GET', `/forms/${copyId}/drafts`, { as: person }))
    const { schema } = ok(await app.api.call('GET', `/forms/${copyId}/drafts/${draft.id}`, { as: person }))
    expect(schema.title).toBe(title)
    expect((await app.api.call('GET', `/forms/${copyId}/apiKey`, { as: person })).statusCode).toBe(204)
  })

  it('delete a form after asking, and bring it back with Undo', async () => {
    const form = await create('Parking')
    await open()
    await act('Parking', 'Delete …')
    const dialog = page.getByRole('dialog', { name: 'Delete “Parking”?' })
    await expect
      .poll(() => dialog.getByRole('button', { name: 'Cancel' }).evaluate((each) => each === document.activeElement))
      .toBe(true)
    await dialog.getByRole('button', { name: 'Delete form' }).click()
    await page.getByText('“Parking” was deleted.').waitFor()
    await expect.poll(names).toEqual([])
    expect((await app.api.call('GET', `/forms/${form.id}`, { as: person })).statusCode).toBe(404)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(names).toEqual(['Parking Draft'])
  })

  it('bring a form back that was deleted long ago', async () => {
    const form = await create('Old one')
    ok(await app.api.call('DELETE', `/forms/${form.id}`, { as: person }))
    await open()
    await page.getByLabel('Deleted forms').check()
    await page.getByRole('button', { name: 'Restore Old one' }).click()
    await page.getByText('There are no deleted forms.').waitFor()
    expect((await stored(form.id)).name).toBe('Old one')
  })

  it('lose nothing that was typed when the form could not be created', async () => {
    await open()
    await page.getByRole('button', { name: 'New form' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Typed with care')
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Create form' }).click()
    await page.getByText('The form was not created. What you typed is still here.').waitFor()
    await page.context().setOffline(false)
    await page.getByRole('button', { name: 'Create form' }).click()
    await page.waitForURL('**/app/form/design?f=*')
    expect((await stored(formInAddress())).name).toBe('Typed with care')
  })

  it('say what happened when they cannot be listed, and try again', async () => {
    await create('Parking')
    await page.route('**/rbac/current/forms*', (route) => route.abort())
    await open()
    await page.getByText('Your forms could not be listed.').waitFor()
    await page.unroute('**/rbac/current/forms*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.poll(names).toEqual(['Parking Draft'])
  })

  it('offer to each role what it may do', async () => {
    const form = await app.api.addForm({ access: 'team' })
    const roles = [{ formId: form.formId, userId: person.id, role: 'form_submitter' }]
    const query = { formId: form.formId, userId: person.id }
    ok(await app.api.call('PUT', '/rbac/users', { as: app.api.owner, body: roles, query }))
    await open()
    const link = page.getByRole('link', { name: 'Survey' })
    expect(await link.getAttribute('href')).toBe(`/app/form/submit?f=${form.formId}`)
    expect(await page.getByRole('button', { name: 'Actions for Survey' }).count()).toBe(0)
  })
})
