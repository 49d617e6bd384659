import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ok, type TestForm } from '../../server/test/harness.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { twoLooks, wrongWith } from './axe.ts'
import { browserTimeout, describeInChromium, type Watched } from './chromium.ts'
import { formWithKeys } from './keys-form.ts'
import { variedAnswers, variedForm } from './varied-form.ts'

type Made = { form: TestForm; empty: TestForm; keys: TestForm; submissionId: string; app: BrowserApp }
type Listed = { name: string; address: (made: Made) => string; open: (page: Page, made: Made) => Promise<unknown> }

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).first().click()
const badFile = { name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('not JSON') }
const actOn = async (page: Page, item: string) => {
  await press(page, 'Actions for Survey')
  await page.getByRole('button', { name: item }).click()
}
const inMore = async (page: Page, item: string) => {
  await press(page, 'More')
  await page.getByRole('button', { name: item }).click()
}
const forms = () => '/app'
const design = ({ form }: Made) => `/app/form/design?f=${form.formId}`
const section = (name: string) => (made: Made) => `/app/form/manage?f=${made.form.formId}&section=${name}`
const keys = ({ keys }: Made) => `/app/form/manage?f=${keys.formId}&section=api-key`
const view = ({ form, submissionId }: Made) => `/app/form/view?f=${form.formId}&s=${submissionId}`

/** Every dialog and menu of the owners' app, and how it is opened. */
const dialogs: Listed[] = [
  { name: 'a new form', address: forms, open: (page) => press(page, 'New form') },
  { name: 'the actions on a form', address: forms, open: (page) => press(page, 'Actions for Survey') },
  { name: 'a copy of a form', address: forms, open: (page) => actOn(page, 'Copy …') },
  { name: 'deleting a form', address: forms, open: (page) => actOn(page, 'Delete …') },
  {
    name: 'a refused import',
    address: forms,
    open: (page) => page.getByLabel('Definition, a JSON file').setInputFiles(badFile),
  },
  { name: 'the menu of the person', address: forms, open: (page) => press(page, 'owner') },
  { name: 'publishing', address: design, open: (page) => press(page, 'Publish') },
  {
    name: 'what cannot be published',
    address: ({ empty }) => `/app/form/design?f=${empty.formId}`,
    open: (page) => press(page, 'Publish'),
  },
  { name: 'the versions', address: design, open: (page) => inMore(page, 'Version history') },
  { name: 'unpublishing', address: design, open: (page) => inMore(page, 'Unpublish') },
  {
    name: 'a refused definition',
    address: design,
    open: (page) => page.getByLabel('Import a definition from a file').setInputFiles(badFile),
  },
  {
    name: 'the settings of a field',
    address: design,
    open: (page) => page.frameLocator('iframe').getByRole('button', { name: 'Edit: Notes' }).press('Enter'),
  },
  {
    name: 'leaving without saving',
    address: section('general'),
    async open(page) {
      await page.getByLabel('Name').fill('Half typed')
      await page.getByRole('link', { name: 'Access', exact: true }).click()
    },
  },
  { name: 'adding a person', address: section('team'), open: (page) => press(page, 'Add a person') },
  { name: 'changing roles', address: section('team'), open: (page) => press(page, 'Change roles of rae') },
  { name: 'removing a person', address: section('team'), open: (page) => press(page, 'Remove rae') },
  { name: 'why the last owner stays', address: section('team'), open: (page) => press(page, 'Remove owner') },
  {
    name: 'generating a key',
    address: ({ empty }) => `/app/form/manage?f=${empty.formId}&section=api-key`,
    open: (page) => press(page, 'Generate API key'),
  },
  { name: 'regenerating a key', address: section('api-key'), open: (page) => press(page, 'Regenerate API key') },
  { name: 'deleting a key', address: section('api-key'), open: (page) => press(page, 'Delete API key') },
  {
    name: 'a new key with every choice and a mistake',
    address: keys,
    async open(page) {
      await press(page, 'Add a key')
      await page.getByRole('radio', { name: 'Choose myself' }).check()
      await page.getByLabel('Test key').check()
      await page.getByText('More options').click()
      await page.getByLabel('Works from these addresses only').fill('nowhere')
      await press(page, 'Make key')
      await page.getByText('“nowhere” is no IP address').waitFor()
    },
  },
  {
    name: 'the secret of a new key',
    address: keys,
    async open(page) {
      await press(page, 'Add a key')
      await page.getByLabel('Name', { exact: true }).fill('Made now')
      await press(page, 'Make key')
      await page.getByText('This is the secret of').waitFor()
    },
  },
  { name: 'changing the form’s own key', address: keys, open: (page) => press(page, 'Change … Default') },
  {
    name: 'rotating a key',
    address: keys,
    async open(page) {
      await press(page, 'Rotate … Power BI')
      await page.getByRole('radio', { name: 'Another time' }).check()
      await press(page, 'Make new secret')
    },
  },
  { name: 'revoking a key', address: keys, open: (page) => press(page, 'Revoke … Power BI') },
  {
    name: 'the usage of a key, beside the revoked ones',
    address: keys,
    async open(page) {
      await page.getByLabel('Show revoked keys').check()
      await page.getByRole('heading', { name: 'Old website' }).waitFor()
      await press(page, 'Usage of Power BI')
      await page.getByText('The same as a table').click()
    },
  },
  { name: 'closing a form', address: section('danger'), open: (page) => press(page, 'Close form') },
  { name: 'deleting a form in its settings', address: section('danger'), open: (page) => press(page, 'Delete form') },
  {
    name: 'the choice of columns',
    address: ({ form }) => `/app/form/submissions?f=${form.formId}`,
    open: (page) => press(page, 'Columns'),
  },
  {
    name: 'an edit that somebody else was before',
    address: view,
    async open(page, { app, submissionId }) {
      await edit(page, 'Mine')
      const body = { submission: { data: { ...variedAnswers, name: 'Theirs' } } }
      ok(await app.api.call('PUT', `/submissions/${submissionId}`, { as: app.api.owner, body }))
      await press(page, 'Save changes')
    },
  },
  {
    name: 'leaving an edit',
    address: view,
    async open(page) {
      await edit(page, 'Unsaved')
      await page.getByText('There are changes that are not saved.').waitFor()
      await page.getByRole('link', { name: 'Export' }).click()
    },
  },
  { name: 'signing out everywhere', address: () => '/app/account', open: (page) => press(page, 'Sign out everywhere') },
  {
    name: 'withdrawing an invitation',
    address: () => '/app/people',
    open: (page) => press(page, 'Withdraw the invitation of guest@example.org'),
  },
  {
    name: 'signing in again',
    address: () => '/app/account',
    async open(page) {
      await page.getByRole('textbox', { name: 'Name' }).fill('Typed before')
      await page.context().clearCookies()
      await press(page, 'Save name')
    },
  },
]

describeInChromium('on a desktop and a phone, nothing is wrong with', browserTimeout, () => {
  let app: BrowserApp
  let made: Made
  let owner: Watched
  beforeAll(async () => {
    app = await openBrowserApp()
    owner = await app.asOwner()
    await app.api.database.db.updateTable('app_user').set({ server_owner: true }).execute()
    const form = await app.api.addForm({ schema: variedForm })
    const { id } = await app.api.addPerson('rae@example.org')
    const query = { formId: form.formId, userId: id }
    ok(await app.api.call('PUT', '/rbac/forms', { as: app.api.owner, query, body: [{ role: 'submission_reviewer' }] }))
    const guest = { email: 'guest@example.org', formId: form.formId, roles: ['submission_reviewer'] }
    ok(await app.api.call('POST', '/invitations', { as: app.api.owner, body: guest }))
    const body = { name: 'Nothing in it', schema: { display: 'form', components: [] } }
    const { id: formId } = ok(await app.api.call('POST', '/forms', { as: app.api.owner, body }))
    const submissionId = await app.api.submit(form, variedAnswers)
    // A change since it was published, so that there is something to publish.
    const changed = { ...variedForm, title: 'Changed' }
    ok(await app.api.call('POST', `/forms/${form.formId}/drafts`, { as: app.api.owner, body: { schema: changed } }))
    const keys = await formWithKeys(app.api)
    made = { app, form, keys, empty: { ...form, formId }, submissionId }
  }, 120_000)
  afterAll(() => app?.close())

  it.each(dialogs.map((each) => [each.name, each] as const))('%s', async (_, { address, open }) => {
    const { page, ...watched } = await app.anotherPage(owner)
    await page.goto(address(made))
    await open(page, made)
    await shown(page)
    expect(await wrongWith(page, twoLooks)).toEqual([])
    expect(watched).toEqual({ foreignRequests: [], policyViolations: [], errors: [] })
    await page.close()
  })
})

/** A dialog or menu stands, in the page or in its frame. */
async function shown(page: Page): Promise<void> {
  const open = '[role=dialog], .dropdown-menu.show'
  await expect
    .poll(async () => {
      const counts = await Promise.all(page.frames().map((frame) => frame.locator(open).count()))
      return Math.max(...counts)
    })
    .toBeGreaterThan(0)
  await expect.poll(() => page.locator('.placeholder').count()).toBe(0)
}

async function edit(page: Page, name: string): Promise<void> {
  await press(page, 'Edit')
  const field = page.frameLocator('iframe').getByRole('textbox', { name: 'Name' }).first()
  await expect.poll(() => field.isEnabled()).toBe(true)
  await field.fill(name)
}
