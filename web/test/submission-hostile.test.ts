import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium } from './chromium.ts'
import { type Collector, hostileDefinition, openCollector, watchHostile } from './hostile.ts'
import { harmlessDefinition, hostileAnswers, namedFileId, ranIn } from './hostile-answers.ts'

describeInChromium('a hostile submission', browserTimeout, () => {
  let app: BrowserApp
  let collector: Collector
  beforeAll(async () => {
    app = await openBrowserApp()
    collector = await openCollector()
  })
  beforeEach(() => {
    collector.hits.length = 0
  })
  afterAll(async () => {
    await app?.close()
    await collector?.close()
  })

  /** A submission of hostile answers, opened by an owner who also has a key to be stolen. */
  async function open(schemaFor: (apiPath: string) => object) {
    const victim = await app.api.addForm()
    const apiPath = `/app/api/v1/forms/${victim.formId}/apiKey`
    const form = await app.api.addForm({ schema: schemaFor(apiPath) })
    const id = await app.api.submit(form, hostileAnswers(collector.url))
    const watched = await app.asOwner()
    const { page } = watched
    const hostile = await watchHostile(page, collector, apiPath)
    await page.goto(`/app/form/view?f=${form.formId}&s=${id}`)
    await nameField(page).waitFor()
    return { ...watched, hostile, form, id }
  }
  const openHostile = () => open((apiPath) => hostileDefinition(collector.url, apiPath))
  const openHarmless = () => open(() => harmlessDefinition)
  const edit = async (page: Page) => {
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await expect.poll(() => nameField(page).isEnabled()).toBe(true)
  }
  /** By the page's own button, and by what the browser does when it draws the sheets. */
  const print = async (page: Page) => {
    await page.evaluate(() => {
      window.print = () => document.body.classList.add('was-printed')
    })
    await page.getByRole('button', { name: 'Print', exact: true }).click()
    await page.locator('body.was-printed').waitFor()
    await page.pdf()
  }
  const ran = ['customDefaultValue', 'calculateValue', 'customConditional', 'content']

  it('gets nothing where it is read', async () => {
    const { page, hostile } = await openHostile()
    await hostile.expectHarmless({ ran })
    await page.context().close()
  })

  it('gets nothing where it is edited, and saves nothing by itself', async () => {
    const { page, hostile, id } = await openHostile()
    await edit(page)
    await hostile.expectHarmless({ ran })
    const stored = await app.api.call('GET', `/submissions/${id}`, { as: app.api.owner })
    expect(stored.json().submission.submission.data.name).toBe(hostileAnswers(collector.url).name)
    await page.context().close()
  })

  it('gets nothing where it is printed', async () => {
    const { page, hostile } = await openHostile()
    await print(page)
    await hostile.expectHarmless({ ran })
    await page.context().close()
  })

  it('would run what its answers hold, were they shown as they are', async () => {
    const { page } = await app.asOwner()
    // What comes late must not be taken for what another test lets through.
    const own = await openCollector()
    const body = JSON.stringify(hostileAnswers(own.url)).replaceAll('\\"', '"')
    await page.route('**/unprotected', (route) => route.fulfill({ contentType: 'text/html', body }))
    await page.goto('/unprotected')
    await expect.poll(() => ranIn(page.mainFrame())).toBe(true)
    await expect.poll(() => own.hits).toEqual(expect.arrayContaining(['/answer-handler', '/answer-image']))
    await page.context().close()
    await own.close()
  })

  it.each<[string, (page: Page) => Promise<void>]>([
    ['read', async () => {}],
    ['edited', edit],
    ['printed', print],
  ])('runs nothing of its answers where they are %s', async (_, act) => {
    const { page, hostile } = await openHarmless()
    await act(page)
    // A select shows the label that was chosen, and a table of files their names.
    await page.frameLocator('iframe').getByText('paper.txt').first().waitFor()
    await page.waitForTimeout(500) // nothing tells that nothing comes
    expect(await ranIn(hostile.frame())).toBe(false)
    expect(await ranIn(page.mainFrame())).toBe(false)
    expect(collector.hits).toEqual([])
    await page.context().close()
  })

  it('runs nothing of its answers in the table of submissions', async () => {
    const { page, form } = await openHarmless()
    await page.goto(`/app/form/submissions?f=${form.formId}`)
    await page
      .getByRole('cell', { name: /answer-handler/ })
      .first()
      .waitFor()
    expect(await ranIn(page.mainFrame())).toBe(false)
    expect(collector.hits).toEqual([])
    await page.context().close()
  })

  it('saves no file by itself', async () => {
    const forge = `addEventListener('message', ({ ports: [port] }) => {
      if (!port) return
      port.postMessage({ type: 'download', fileId: '${namedFileId}', name: 'a.txt' })
      console.log('forged')
    })
    if (!window.asked) parent.postMessage('ready', '*')
    window.asked = true`
    const name = { type: 'textfield', key: 'name', label: 'Name', input: true, customDefaultValue: forge }
    const form = await app.api.addForm({ schema: { display: 'form', components: [name] } })
    const id = await app.api.submit(form, hostileAnswers(collector.url))
    const { page } = await app.asOwner()
    const asked = requestsFor(page, namedFileId)
    const forged = page.waitForEvent('console', (message) => message.text() === 'forged')
    await page.goto(`/app/form/view?f=${form.formId}&s=${id}`)
    await forged
    // Looking into the page would count as an act of the person; nothing tells that nothing comes.
    await page.waitForTimeout(1000)
    expect(asked).toEqual([])
    await page.context().close()
  })

  it('gives the file that its answers name to whoever presses it', async () => {
    const { page } = await openHarmless()
    const asked = requestsFor(page, namedFileId)
    await page
      .frameLocator('iframe')
      .getByRole('link', { name: /plain.txt/ })
      .press('Enter')
    await expect.poll(() => asked).toHaveLength(1)
    await page.context().close()
  })

  it('shows what somebody typed as text, letter by letter', async () => {
    const { page } = await openHarmless()
    const { story, papers } = hostileAnswers(collector.url)
    const frame = page.frameLocator('iframe')
    expect(await frame.locator('.formio-component-story [role=textbox]').innerText()).toBe(story)
    const link = frame.getByRole('link', { name: /paper.txt/ })
    expect(await link.innerText()).toContain(papers[0]?.originalName)
    await page.context().close()
  })
})

/** Addresses that a page asks for from now on and that hold a text. */
function requestsFor(page: Page, text: string): string[] {
  const asked: string[] = []
  page.on('request', (request) => request.url().includes(text) && asked.push(request.url()))
  return asked
}

function nameField(page: Page) {
  return page.frameLocator('iframe').getByRole('textbox', { name: 'Name', exact: true })
}
