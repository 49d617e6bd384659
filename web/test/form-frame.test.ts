import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium } from './chromium.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const panel = (key: string, title: string, ...components: object[]) => ({
  type: 'panel',
  key,
  title,
  input: false,
  components,
})
const text = (key: string, label: string) => ({ type: 'textfield', key, label, input: true })
const birthday = { type: 'day', key: 'birthday', label: 'Birthday', input: true, hideInputLabels: true }
const wizard = {
  display: 'wizard',
  components: [panel('one', 'You', text('name', 'Name'), birthday), panel('two', 'More', text('more', 'More'))],
}
const themed = ['primary', 'info', 'success', 'danger', 'warning'].map((theme) => ({
  ...panel(theme, `Panel ${theme}`, text(`${theme}Text`, `Text ${theme}`)),
  theme,
}))
const coloured = '<p><span style="color: rgb(0, 32, 96)">Navy</span> <mark style="background: yellow">Marked</mark></p>'

describeInChromium('a form in its frame', browserTimeout, () => {
  let app: BrowserApp
  beforeAll(async () => {
    app = await openBrowserApp()
  })
  afterAll(() => app?.close())

  async function open(schema: object, options: object = {}) {
    const form = await app.api.addForm({ schema })
    const { page } = await app.asStranger(options)
    await page.goto(`/app/form/submit?f=${form.formId}`)
    await page.locator('iframe:not(.fill-waiting)').waitFor()
    return { page, form, frame: page.frameLocator('iframe') }
  }

  it('shows all pages of a wizard to whoever reads its answers', async () => {
    const form = await app.api.addForm({ schema: wizard })
    const id = await app.api.submit(form, { name: 'Ada', more: 'On the second page' })
    const { page } = await app.asOwner()
    await page.goto(`/app/form/view?f=${form.formId}&s=${id}`)
    const frame = page.frameLocator('iframe')
    await frame.getByRole('textbox', { name: /Name/ }).waitFor()
    const more = frame.locator('.formio-component-more input')
    expect(await more.inputValue()).toBe('On the second page')
    await page.context().close()
  })

  it('names the months in the respondent’s language, and tells day, month and year apart', async () => {
    const { page, frame } = await open(wizard, { locale: 'fr-CA' })
    const month = frame.getByRole('combobox', { name: 'Birthday, Mois' })
    expect((await month.innerText()).split(/\s+/).filter(Boolean)).toEqual(expect.arrayContaining(['janvier', 'août']))
    await frame.getByRole('spinbutton', { name: 'Birthday, Jour' }).fill('2')
    await frame.getByRole('spinbutton', { name: 'Birthday, Année' }).fill('2001')
    await page.context().close()
  })

  it('has room for a year on a phone', async () => {
    const { page, frame } = await open(wizard, { viewport: { width: 390, height: 800 } })
    const year = await frame.getByRole('spinbutton', { name: 'Birthday, Year' }).boundingBox()
    expect(year?.width).toBeGreaterThan(70)
    await page.context().close()
  })

  it('offers no button that would do nothing', async () => {
    const { page, frame } = await open(wizard)
    await frame.getByRole('button', { name: /^Next/ }).waitFor()
    expect(await frame.getByRole('button', { name: /^Cancel/ }).count()).toBe(0)
    await page.context().close()
  })

  it.each(['light', 'dark'] as const)('can be read in %s colours, the author’s own too', async (colorScheme) => {
    const content = { type: 'content', key: 'content', html: coloured, input: false }
    for (const schema of [wizard, { display: 'form', components: [content, ...themed] }]) {
      const { page } = await open(schema, { colorScheme })
      const frame = page.frames().find((each) => each.url().endsWith('/app/frame'))
      if (!frame) throw new Error('There is no form.io frame on the page.')
      await frame.evaluate(axe)
      const found = await frame.evaluate(
        `axe.run({ runOnly: ['color-contrast'] }).then(({ violations }) =>
          violations.flatMap(({ nodes }) => nodes.map(({ html }) => html)))`,
      )
      expect(found).toEqual([])
      await page.context().close()
    }
  })
})
