import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { ok, type TestForm } from '../../server/test/harness.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium, openWatched } from './chromium.ts'

describeInChromium('the team of a form', browserTimeout, () => {
  let app: BrowserApp
  let form: TestForm
  let reviewer: { cookie: string; id: string }
  let manager: { cookie: string; id: string }

  beforeAll(async () => {
    app = await openBrowserApp()
    reviewer = await app.api.addPerson('rae@example.org')
    manager = await app.api.addPerson('max@example.org')
    await app.api.addPerson('new@example.org')
  })
  beforeEach(async () => {
    form = await app.api.addForm()
    await setRoles(reviewer.id, ['submission_reviewer'])
    await setRoles(manager.id, ['team_manager'])
  })
  afterAll(() => app.close())

  async function setRoles(userId: string, roles: string[]) {
    const query = { formId: form.formId, userId }
    const body = roles.map((role) => ({ role }))
    ok(await app.api.call('PUT', '/rbac/forms', { as: app.api.owner, query, body }))
  }
  async function rolesOf(email: string): Promise<string[]> {
    const query = { formId: form.formId, email }
    const [member] = ok(await app.api.call('GET', '/rbac/forms', { as: app.api.owner, query }))
    return member?.roles ?? []
  }
  /** Seen without scrolling: what is scrolled out of a dialog's body lies under its head or foot. */
  const isInView = (text: Locator) =>
    text.evaluate((element) => {
      const { left, top, height } = element.getBoundingClientRect()
      return document.elementFromPoint(left + 2, top + height / 2) === element
    })
  async function open(cookie = app.api.owner.cookie) {
    const watched = await openWatched(app.browser, app.origin, { cookie })
    await watched.page.goto(`/app/form/manage?f=${form.formId}&section=team`)
    await watched.page.getByRole('list', { name: 'Team' }).waitFor()
    return watched
  }

  it('adds somebody who is searched for, and takes that back', async () => {
    const { page, ...watched } = await open()
    await page.getByRole('button', { name: 'Add a person' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a person' })
    await dialog.getByLabel('Name or e-mail address').fill('new@')
    await dialog.getByRole('radio', { name: 'new@example.org' }).check()
    await dialog.getByRole('button', { name: 'Add to team' }).click()
    await dialog.getByText('Choose at least one role.').waitFor()
    await dialog.getByRole('checkbox', { name: 'Submitter' }).check()
    await dialog.getByRole('button', { name: 'Add to team' }).click()
    await page.getByText('new was added to the team.').waitFor()
    expect(await rolesOf('new@example.org')).toEqual(['form_submitter'])
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => rolesOf('new@example.org')).toEqual([])
    expect(watched).toMatchObject({ foreignRequests: [], policyViolations: [], errors: [] })
    await page.context().close()
  })

  it('leads to what is missing, at its place, on a phone too', async () => {
    const { page } = await open()
    await page.setViewportSize({ width: 390, height: 600 })
    await page.getByRole('button', { name: 'Add a person' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a person' })
    await dialog.getByRole('checkbox', { name: 'Submitter' }).check()
    await dialog.getByRole('button', { name: 'Add to team' }).click()
    const search = dialog.getByLabel('Name or e-mail address')
    await expect.poll(() => search.evaluate((field) => field === document.activeElement)).toBe(true)
    expect(await search.getAttribute('aria-invalid')).toBe('true')
    await expect.poll(() => isInView(dialog.getByText('Choose a person.'))).toBe(true)
    await search.fill('new@')
    await dialog.getByRole('radio', { name: 'new@example.org' }).check()
    await dialog.getByRole('checkbox', { name: 'Submitter' }).uncheck()
    await dialog.getByRole('button', { name: 'Add to team' }).click()
    const first = dialog.getByRole('checkbox', { name: 'Owner' })
    await expect.poll(() => first.evaluate((box) => box === document.activeElement)).toBe(true)
    await expect.poll(() => isInView(dialog.getByText('Choose at least one role.'))).toBe(true)
    await page.context().close()
  })

  it('invites somebody without an account with roles, by the keyboard alone', async () => {
    const { page } = await open()
    await page.getByRole('button', { name: 'Add a person' }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Add a person' })
    const search = dialog.getByLabel('Name or e-mail address')
    await expect.poll(() => search.evaluate((field) => field === document.activeElement)).toBe(true)
    await page.keyboard.type('guest@example.org')
    await dialog.getByRole('radio', { name: 'Invite guest@example.org' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await dialog.getByRole('checkbox', { name: 'Reviewer' }).focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('Enter')
    await page.getByLabel('Invitation link', { exact: true }).waitFor()
    const invitations = ok(await app.api.call('GET', `/forms/${form.formId}/invitations`, { as: app.api.owner }))
    expect(invitations).toMatchObject([{ email: 'guest@example.org', roles: ['submission_reviewer'], state: 'open' }])
    await page.context().close()
  })

  it('changes roles, and removes somebody after asking, with a way back', async () => {
    const { page } = await open()
    await page.getByRole('button', { name: 'Change roles of rae' }).click()
    await page.getByRole('checkbox', { name: 'Approver' }).check()
    await page.getByRole('button', { name: 'Save roles' }).click()
    await page.getByText('The roles of rae were changed.').waitFor()
    expect(await rolesOf('rae@example.org')).toEqual(['submission_approver', 'submission_reviewer'])
    await page.getByRole('button', { name: 'Remove rae' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove from team' }).click()
    await page.getByText('rae was removed from the team.').waitFor()
    expect(await rolesOf('rae@example.org')).toEqual([])
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await expect.poll(() => rolesOf('rae@example.org')).toEqual(['submission_approver', 'submission_reviewer'])
    await page.context().close()
  })

  it('says why the last owner stays', async () => {
    const { page } = await open()
    await page.getByRole('button', { name: 'Remove owner' }).click()
    await page.getByRole('dialog').getByText('A form needs an owner. Make somebody else an owner first.').waitFor()
    await page.context().close()
  })

  it('lets a team manager give the roles of a manager, and says which not', async () => {
    const { page } = await open(manager.cookie)
    await page.getByRole('button', { name: 'Change roles of rae' }).click()
    const owner = page.getByRole('checkbox', { name: 'Owner' })
    expect(await owner.getAttribute('aria-disabled')).toBe('true')
    // Forced: the browser lets it be pressed, though it is marked as not to be.
    await owner.click({ force: true })
    expect(await owner.isChecked()).toBe(false)
    await page.getByText('Only an owner gives and takes this role.').first().waitFor()
    await page.context().close()
  })

  it('lets somebody leave, who then sees the form no more', async () => {
    const { page } = await open(manager.cookie)
    await page.getByRole('button', { name: 'Remove max' }).click()
    await page.getByRole('dialog', { name: 'Leave this team?' }).getByRole('button', { name: 'Leave team' }).click()
    await page.waitForURL('/app')
    expect(await rolesOf('max@example.org')).toEqual([])
    await page.context().close()
  })

  it('shows the team to a reviewer, and who may change it', async () => {
    const { page } = await open(reviewer.cookie)
    await page.getByText('Owners and team managers change the team.').waitFor()
    expect(await page.getByRole('button', { name: 'Add a person' }).count()).toBe(0)
    await page.context().close()
  })
})
