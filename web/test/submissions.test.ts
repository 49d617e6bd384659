import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestForm } from '../../server/test/harness.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { violations } from './axe.ts'
import { browserTimeout, describeInChromium } from './chromium.ts'

describeInChromium('the table of submissions', browserTimeout, () => {
  let app: BrowserApp
  let form: TestForm
  let empty: TestForm
  beforeAll(async () => {
    app = await openBrowserApp()
    form = await app.api.addForm()
    empty = await app.api.addForm()
    for (let age = 1; age <= 12; age += 1) {
      await app.api.submit(form, { name: `Person ${String(age).padStart(2, '0')}`, age, children: [{ first: 'Bo' }] })
    }
  }, 120_000)
  afterAll(() => app?.close())

  const open = async (search: string, options?: object) => {
    const watched = await app.asOwner(options)
    await watched.page.goto(`/app/form/submissions?f=${form.formId}${search}`)
    await watched.page.getByRole('table').waitFor()
    return watched
  }

  it('keeps page, order and search in the address', async () => {
    const { page } = await open('&size=10')
    await page.getByRole('button', { name: 'Age', exact: true }).click()
    await expect.poll(() => names(page)).toEqual(numbered(1, 10))
    await page.getByRole('button', { name: 'Next' }).click()
    await expect.poll(() => names(page)).toEqual(numbered(11, 12))
    await page.reload()
    await expect.poll(() => names(page)).toEqual(numbered(11, 12))
    expect(await page.getByRole('columnheader', { name: 'Age', exact: true }).getAttribute('aria-sort')).toBe(
      'ascending',
    )

    await page.getByRole('searchbox', { name: 'Search' }).fill('person 07')
    await page.keyboard.press('Enter')
    await expect.poll(() => names(page)).toEqual(numbered(7, 7))
    await page.goBack()
    await expect.poll(() => names(page)).toEqual(numbered(11, 12))
    await page.context().close()
  })

  it('takes a day that is typed, as one step', async () => {
    const { page } = await open('')
    const before = await page.evaluate(() => history.length)
    const from = page.getByLabel('From', { exact: true })
    await from.focus()
    await from.pressSequentially('01022026')
    await expect.poll(() => new URL(page.url()).searchParams.get('from')).toBe('2026-01-02')
    expect(await from.inputValue()).toBe('2026-01-02')
    expect(await page.evaluate(() => history.length)).toBe(before + 1)
    await page.context().close()
  })

  it('deletes what is selected at once, and takes it back', async () => {
    const { page } = await open('&q=Person 03')
    await page.getByRole('checkbox', { name: 'Select the one submission on this page' }).check()
    await page.getByRole('button', { name: 'Delete selected' }).click()
    await page.getByText('No submission matches this search.').waitFor()
    expect(await names(page)).toEqual([])
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => names(page)).toEqual(numbered(3, 3))
    await page.context().close()
  })

  it('shows the columns that were chosen, and remembers them', async () => {
    const { page } = await open('')
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('checkbox', { name: 'Children' }).check()
    await page.getByRole('checkbox', { name: 'Submitter' }).uncheck()
    await page.keyboard.press('Escape')
    await page.reload()
    await page.getByRole('columnheader', { name: 'Children' }).waitFor()
    expect(await page.getByRole('columnheader', { name: 'Submitter' }).count()).toBe(0)
    expect(await page.getByRole('cell', { name: '1 row', exact: true }).count()).toBe(12)
    await page.context().close()
  })

  it('says what comes next where nothing was submitted, and what failed where the server does not answer', async () => {
    const { page } = await app.asOwner()
    await page.goto(`/app/form/submissions?f=${empty.formId}`)
    await page.getByRole('link', { name: 'Share the form' }).waitFor()
    await page.route('**/submissions?*', (route) =>
      route.request().resourceType() === 'fetch' ? route.abort() : route.continue(),
    )
    await page.getByRole('checkbox', { name: 'Show drafts too' }).check()
    await page.getByText('The submissions could not be loaded.').waitFor()
    await page.unroute('**/submissions?*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('link', { name: 'Share the form' }).waitFor()
    await page.context().close()
  })

  it('is accessible, asks nobody else, and does not scroll sideways on a phone', async () => {
    const watched = await open('', { viewport: { width: 320, height: 700 } })
    const { page } = watched
    expect(await violations(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('dialog').waitFor()
    await expect.poll(() => violations(page)).toEqual([])
    expect(watched).toMatchObject({ foreignRequests: [], policyViolations: [], errors: [] })
    await page.context().close()
  })
})

function numbered(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, place) => `Person ${String(first + place).padStart(2, '0')}`)
}

/** The names in the table, in its order. */
function names(page: Page): Promise<string[]> {
  return page.getByRole('cell', { name: /^Person \d\d$/ }).allInnerTexts()
}
