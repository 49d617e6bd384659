import { afterAll, beforeAll, expect, it } from 'vitest'
import { ok } from '../../server/test/harness.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium } from './chromium.ts'
import { type Collector, hostileDefinition, openCollector, watchHostile } from './hostile.ts'

describeInChromium('a hostile form of somebody else', browserTimeout, () => {
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

  async function openHostile(path: string) {
    const form = await app.api.addForm()
    const apiPath = `/app/api/v1/forms/${form.formId}/apiKey`
    const schema = hostileDefinition(collector.url, apiPath)
    ok(await app.api.call('POST', `/forms/${form.formId}/drafts`, { as: app.api.owner, body: { schema } }))
    const { page } = await app.asOwner()
    const hostile = await watchHostile(page, collector, apiPath)
    await page.goto(`${path}?f=${form.formId}`)
    return { page, hostile, form }
  }

  it('gets nothing in the builder, and changes and publishes nothing', async () => {
    const { page, hostile, form } = await openHostile('/app/form/design')
    await page.frameLocator('iframe').getByRole('searchbox').waitFor()
    await hostile.expectHarmless({ ran: ['customDefaultValue', 'customConditional'] })
    const found = ok(await app.api.call('GET', `/forms/${form.formId}`, { as: app.api.owner }))
    expect(found.versions.map(({ version }: { version: number }) => version)).toEqual([1])
  })

  it('gets nothing in the preview', async () => {
    const { page, hostile } = await openHostile('/app/form/preview')
    await page.frameLocator('iframe').getByRole('button', { name: 'Run' }).dispatchEvent('click')
    await hostile.expectHarmless({
      ran: ['customDefaultValue', 'calculateValue', 'customConditional', 'content', 'button'],
    })
  })
})
