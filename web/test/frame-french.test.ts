import type { FrameLocator } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium } from './chromium.ts'

const field = (type: string, label: string, more = {}) => ({ type, key: type, label, input: true, ...more })
const select = { data: { values: [{ label: 'Un', value: '1' }] } }
const schema = {
  display: 'form',
  components: [
    field('number', 'Nombre'),
    field('day', 'Jour', { fields: { day: { type: 'number' }, month: { type: 'select' }, year: { type: 'number' } } }),
    field('datetime', 'Moment'),
    field('select', 'Choix', select),
    field('tags', 'Mots'),
    field('textarea', 'Texte', { editor: 'quill' }),
  ],
}

describeInChromium('a form that is read in French', browserTimeout, () => {
  let app: BrowserApp
  let frame: FrameLocator
  beforeAll(async () => {
    app = await openBrowserApp()
    const { formId } = await app.api.addForm({ schema })
    const { page } = await app.asStranger({ locale: 'fr-CA' })
    await page.goto(`/app/form/submit?f=${formId}`)
    frame = page.frameLocator('iframe')
    await frame.locator('select[name=month]').waitFor()
  })
  afterAll(() => app?.close())

  it('names the months, and that a field takes digits alone', async () => {
    const months = await frame.locator('select[name=month] option').allInnerTexts()
    expect(months.map((month) => month.trim())).toEqual(expect.arrayContaining(['janvier', 'août', 'décembre']))
    expect(await frame.locator('label', { hasText: 'Nombre' }).textContent()).toContain('chiffres seulement')
  })

  it('has a French calendar, for eyes and for screen readers', async () => {
    const day = frame.locator('.flatpickr-day:not(.prevMonthDay, .nextMonthDay)').first()
    await day.waitFor({ state: 'attached' })
    expect(await frame.locator('.flatpickr-weekdays').textContent()).toMatch(/lun.*mar.*mer/s)
    const full = new Intl.DateTimeFormat('fr-CA', { dateStyle: 'full' })
    const today = new Date()
    expect(await day.getAttribute('aria-label')).toBe(full.format(new Date(today.getFullYear(), today.getMonth(), 1)))
    expect(await frame.locator('.flatpickr-hour').getAttribute('aria-label')).toBe('Heure')
  })

  it('names the buttons of the text editor and of chosen items', async () => {
    await frame.getByRole('button', { name: 'Gras' }).waitFor()
    await frame.getByRole('button', { name: 'Liste à puces' }).waitFor()
    const word = frame.locator('.formio-component-tags .choices__input--cloned')
    await word.fill('tulipe')
    await word.press('Enter')
    await frame.getByRole('button', { name: 'Retirer tulipe' }).waitFor()
  })
})
