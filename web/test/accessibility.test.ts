import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ok, type TestForm } from '../../server/test/harness.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { wrongWith } from './axe.ts'
import { browserTimeout, describeInChromium, type Watched } from './chromium.ts'
import { type FormWithKeys, formWithKeys } from './keys-form.ts'
import { settled } from './settled.ts'
import { variedAnswers, variedForm } from './varied-form.ts'

type Made = { form: TestForm; submissionId: string; token: string; keys: FormWithKeys; testId: string }
type Listed = { route: string; section?: string; as?: 'stranger'; address: (made: Made) => string }

const ofForm = (route: string, more = ''): Listed => ({
  route,
  address: ({ form }) => `${route}?f=${form.formId}${more}`,
})
const stranger = (route: string, address = route): Listed => ({ route, as: 'stranger', address: () => address })

/** Every page of the owners' app, by its route, some in more than one state. */
const pages: Listed[] = [
  { route: '/app', address: () => '/app' },
  { route: '/app/account', address: () => '/app/account' },
  { route: '/app/people', address: () => '/app/people' },
  ofForm('/app/form/design'),
  ofForm('/app/form/preview'),
  ofForm('/app/form/submissions'),
  { route: '/app/form/view', address: ({ form, submissionId }) => `/app/form/view?f=${form.formId}&s=${submissionId}` },
  ofForm('/app/form/export'),
  ofForm('/app/form/share'),
  ...['general', 'access', 'team', 'api-key', 'data', 'danger'].map((section) => ({
    ...ofForm('/app/form/manage', `&section=${section}`),
    section,
  })),
  { route: '/app/form/manage', address: ({ keys }) => `/app/form/manage?f=${keys.formId}&section=api-key` },
  { route: '/app/form/submissions', address: ({ keys }) => `/app/form/submissions?f=${keys.formId}&test=true` },
  { route: '/app/form/view', address: ({ keys, testId }) => `/app/form/view?f=${keys.formId}&s=${testId}` },
  { route: '/app/api-specification', address: () => '/app/api-specification' },
  stranger('/app/sign-in'),
  stranger('/app/sign-up'),
  stranger('/app/set-up', '/app/set-up#token=x'),
  stranger('/app/signed-in'),
  { route: '/app/accept-invitation', as: 'stranger', address: ({ token }) => `/app/accept-invitation#token=${token}` },
  stranger('/app/pages/$name', '/app/pages/accessibility'),
]

const router = readFileSync(new URL('../src/app/router.tsx', import.meta.url), 'utf8')

it('lists every route of the app, and every section of the settings', () => {
  const routes = [...router.matchAll(/\bpath: '(\/[^']*)'/g)].map(([, path]) => path)
  expect([...new Set(pages.map(({ route }) => route))].sort()).toEqual(routes.sort())
  const sections = /settingsSections = \[(.*)\] as const/.exec(router)?.[1]?.match(/[a-z-]+/g) ?? []
  expect(pages.flatMap(({ section }) => section ?? [])).toEqual(sections)
})

describeInChromium('on a desktop and a phone, by day and by night, nothing is wrong with', browserTimeout, () => {
  let app: BrowserApp
  let made: Made
  let owner: Watched
  let visitor: Watched
  beforeAll(async () => {
    app = await openBrowserApp({ signUp: 'open' })
    await app.api.database.db.updateTable('app_user').set({ server_owner: true }).execute()
    const form = await app.api.addForm({ schema: variedForm, settings: { enableStatusUpdates: true } })
    await app.api.addPerson('rae@example.org')
    const submissionId = await app.api.submit(form, variedAnswers)
    await app.api.submit(form, variedAnswers, { draft: true })
    const body = { email: 'guest@example.org', formId: form.formId, roles: ['submission_reviewer'] }
    const { link } = ok(await app.api.call('POST', '/invitations', { as: app.api.owner, body }))
    const keys = await formWithKeys(app.api)
    const testKey = { formId: keys.formId, secret: keys.keys.test.secret }
    const testId = await app.api.submit({ ...keys, key: testKey })
    made = { form, submissionId, keys, testId, token: new URL(link).hash.replace('#token=', '') }
    owner = await app.asOwner()
    visitor = await app.asStranger()
  }, 120_000)
  afterAll(() => app?.close())

  it.each(pages.map((each, place) => [`${place + 1}: ${each.route} ${each.section ?? ''}`, each] as const))(
    '%s',
    async (_, { as, address }) => {
      const { page, ...watched } = as === 'stranger' ? visitor : owner
      await page.goto(address(made))
      await settled(page)
      expect(await wrongWith(page)).toEqual([])
      expect(watched).toEqual({ foreignRequests: [], policyViolations: [], errors: [] })
    },
  )

  it('the names of choices in answers that are read only', async () => {
    const { page } = owner
    await page.goto(`/app/form/view?f=${made.form.formId}&s=${made.submissionId}`)
    const frame = page.frameLocator('iframe')
    await frame.getByRole('radio', { name: 'North' }).waitFor()
    expect(await frame.getByRole('checkbox', { name: 'North' }).isChecked()).toBe(true)
    expect(await frame.getByRole('button', { name: 'More', exact: true }).getAttribute('aria-expanded')).toBe('true')
  })
})
