import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium } from './chromium.ts'
import { attackCode, type Collector, hostileDefinition, openCollector, outcomeIn, watchHostile } from './hostile.ts'

/** What the attacks get in a page that nothing protects. */
const withoutFrame = {
  got: [
    'cookie',
    'parentCookie',
    'ownStorage',
    'parentStorage',
    'sessionStorage',
    'indexedDb',
    'caches',
    'parentTitle',
  ].concat(['fetchApi', 'xhrApi', 'nestedFetch', 'fetchForeign', 'worker', 'styleSheet', 'script']),
  hits: [
    'fetch',
    'beacon',
    'websocket',
    'eventsource',
    'image',
    'stylesheet',
    'css-import',
    'css-image',
    'font',
    'script',
  ]
    .concat(['module', 'prefetch', 'preload', 'modulepreload', 'media', 'object', 'iframe', 'srcdoc'])
    .concat(['worker', 'form-post', 'window', 'blank-link', 'udp'])
    .map((name) => `/${name}`),
}

describeInChromium('a hostile form that is filled in', browserTimeout, () => {
  let app: BrowserApp
  let collector: Collector
  beforeAll(async () => {
    app = await openBrowserApp()
    collector = await openCollector()
  })
  afterAll(async () => {
    await app?.close()
    await collector?.close()
  })

  it('would get everything that the tests look for, were it not in the frame', async () => {
    const form = await app.api.addForm()
    const apiPath = `/app/api/v1/forms/${form.formId}/apiKey`
    const { page } = await app.asOwner()
    const document = (body: string) => ({ contentType: 'text/html', body: `<!doctype html><body>${body}</body>` })
    const code = attackCode(collector.url, apiPath, 'plain page')
    await page.route('**/unprotected', (route) => route.fulfill(document('<iframe src="/unprotected-frame"></iframe>')))
    await page.route('**/unprotected-frame', (route) =>
      route.fulfill(document('<script src="/unprotected-script"></script>')),
    )
    await page.route('**/unprotected-script', (route) => route.fulfill({ contentType: 'text/javascript', body: code }))
    await watchHostile(page, collector, apiPath)
    await page.goto('/unprotected')
    const frame = page.frames().find((each) => each.url().endsWith('-frame'))
    if (!frame) throw new Error('The unprotected frame is missing.')
    await expect.poll(async () => (await outcomeIn(frame)).finished, { timeout: 20_000 }).toBe(true)
    const { results } = await outcomeIn(frame)
    const got = Object.keys(results).filter((name) => results[name]?.startsWith('got: '))
    expect(got).toEqual(expect.arrayContaining(withoutFrame.got))
    await expect.poll(() => collector.hits).toEqual(expect.arrayContaining(withoutFrame.hits))
    await page.context().close()
  })

  it('reaches nothing', async () => {
    collector.hits.length = 0
    const key = await app.api.addForm()
    const apiPath = `/app/api/v1/forms/${key.formId}/apiKey`
    const form = await app.api.addForm({ schema: hostileDefinition(collector.url, apiPath) })
    const { page } = await app.asOwner()
    const watch = await watchHostile(page, collector, apiPath)
    await page.goto(`/app/form/submit?f=${form.formId}`)
    await page.frameLocator('iframe').getByLabel('Name', { exact: true }).waitFor()
    await watch.expectHarmless({ ran: ['customDefaultValue', 'calculateValue', 'customConditional', 'content'] })
  })

  it('submits nothing by itself in the name of whoever opens it', async () => {
    const forge = `addEventListener('message', ({ ports: [port] }) => {
      if (!port) return
      port.postMessage({ type: 'submit', answers: { name: 'forged' } })
      console.log('forged')
    })
    if (!window.asked) parent.postMessage('ready', '*')
    window.asked = true`
    const components = [{ type: 'textfield', key: 'name', label: 'Name', input: true, customDefaultValue: forge }]
    const form = await app.api.addForm({ schema: { display: 'form', components } })
    const { page } = await app.asOwner()
    const forged = page.waitForEvent('console', (message) => message.text() === 'forged')
    await page.goto(`/app/form/submit?f=${form.formId}`)
    await forged
    // Looking into the page would count as an act of the person; nothing tells that nothing comes.
    await page.waitForTimeout(1000)
    const stored = await app.api.call('GET', `/forms/${form.formId}/submissions`, { as: form.key })
    expect(stored.json()).toEqual([])
  })
})
