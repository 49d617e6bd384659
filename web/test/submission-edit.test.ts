import { afterAll, beforeAll, expect, it } from 'vitest'
import { ok, type TestForm } from '../../server/test/harness.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium } from './chromium.ts'

const name = { type: 'textfield', key: 'name', label: 'Name', input: true }
const withFile = {
  display: 'form',
  components: [
    name,
    { type: 'file', key: 'papers', label: 'Papers', input: true, multiple: true, storage: 'chefs', url: '/files' },
  ],
}
/** Submits by itself as soon as it is drawn, with other answers, and shows that it did. */
const hostile = {
  display: 'form',
  components: [
    name,
    {
      type: 'textfield',
      key: 'attack',
      label: 'Attack',
      input: true,
      calculateValue: `if (!window.attacked && instance.root && !instance.options.readOnly) {
        window.attacked = true
        setTimeout(async () => {
          instance.root.getComponent('name').setValue('forged')
          await instance.root.submit().catch(() => undefined)
          document.title = 'attacked'
        }, 300)
      }`,
    },
  ],
}

describeInChromium('a submission that is edited', browserTimeout, () => {
  let app: BrowserApp
  beforeAll(async () => {
    app = await openBrowserApp()
  })
  afterAll(() => app?.close())

  const edit = async (form: TestForm, options = {}) => {
    const id = await app.api.submit(form, { name: 'Ada' }, options)
    const { page } = await app.ownerPage()
    await page.goto(`/app/form/view?f=${form.formId}&s=${id}`)
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await page.getByRole('button', { name: 'Save changes' }).waitFor()
    const frame = page.frameLocator('iframe')
    await expect.poll(() => frame.getByRole('textbox', { name: 'Name' }).first().isEnabled()).toBe(true)
    return { id, page, frame }
  }
  const stored = async (id: string) =>
    ok(await app.api.call('GET', `/submissions/${id}`, { as: app.api.owner })).submission.submission.data

  it('takes a file, which is the submission’s once it is saved', async () => {
    const { id, page, frame } = await edit(await app.api.addForm({ schema: withFile }))
    const chooser = page.waitForEvent('filechooser')
    await frame.getByRole('link', { name: /browse/i }).click()
    await (await chooser).setFiles({ name: 'late.txt', mimeType: 'text/plain', buffer: Buffer.from('late') })
    await frame.getByText('late.txt').waitFor()
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('The changes were saved.').waitFor()
    const [file] = (await stored(id)).papers
    const content = await app.api.call('GET', `/files/${file.data.id}`, { as: app.api.owner })
    expect(content.body).toBe('late')
  })

  it('waits for a file that is still being uploaded, and tells so', async () => {
    const { id, page, frame } = await edit(await app.api.addForm({ schema: withFile }))
    let go = () => {}
    const held = new Promise<void>((resolve) => {
      go = resolve
    })
    await page.route('**/files?*', (route) => held.then(() => route.continue()))
    const chooser = page.waitForEvent('filechooser')
    await frame.getByRole('link', { name: /browse/i }).click()
    const asked = page.waitForRequest('**/files?*')
    await (await chooser).setFiles({ name: 'slow.txt', mimeType: 'text/plain', buffer: Buffer.from('slow') })
    await asked
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('Files are still being uploaded.').waitFor()
    go()
    await page.getByText('The changes were saved.').waitFor()
    expect((await stored(id)).papers).toHaveLength(1)
  })

  it('shows none of the form’s own buttons that submit', async () => {
    const button = { type: 'button', key: 'submit', label: 'Send it', action: 'submit', input: true }
    const { frame } = await edit(await app.api.addForm({ schema: { components: [name, button] } }))
    await frame.getByRole('textbox', { name: 'Name' }).waitFor()
    expect(await frame.getByRole('button', { name: 'Send it' }).count()).toBe(0)
  })

  it('keeps of a draft what was typed just before it was saved', async () => {
    const { id, page, frame } = await edit(await app.api.addForm(), { draft: true })
    await frame.getByRole('textbox', { name: 'Name' }).first().fill('Grace')
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('The changes were saved.').waitFor()
    expect((await stored(id)).name).toBe('Grace')
  })

  it('says at the field why a file was not taken', async () => {
    const { page, frame } = await edit(await app.api.addForm({ schema: withFile }))
    const chooser = page.waitForEvent('filechooser')
    await frame.getByRole('link', { name: /browse/i }).click()
    await (await chooser).setFiles({ name: 'run.exe', mimeType: 'text/plain', buffer: Buffer.from('MZ') })
    await frame.getByText(/This kind of file is not accepted/).waitFor()
  })

  it('is not saved by the form’s own script', async () => {
    const { id, page } = await edit(await app.api.addForm({ schema: hostile }))
    const inFrame = () => page.frames().find((each) => each.url().endsWith('/app/frame'))
    await expect.poll(() => inFrame()?.title()).toBe('attacked')
    // Whatever it sent is heard by now; a save by the person comes after it, and is the first.
    expect(await page.getByText('The changes were saved.').count()).toBe(0)
    expect((await stored(id)).name).toBe('Ada')
  })
})
