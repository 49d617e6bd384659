import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { browserTimeout, describeInChromium } from './chromium.ts'

const withFile = {
  display: 'form',
  components: [
    { type: 'textfield', key: 'name', label: 'Name', input: true },
    {
      type: 'simplefile',
      key: 'papers',
      label: 'Papers',
      input: true,
      multiple: true,
      storage: 'chefs',
      url: '/files',
    },
  ],
}
const text = (name: string, content: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(content) })

describeInChromium('files of a form that is filled in', browserTimeout, () => {
  let app: BrowserApp
  beforeAll(async () => {
    app = await openBrowserApp()
  })
  afterAll(() => app?.close())

  async function open() {
    const form = await app.api.addForm({ schema: withFile })
    const { page } = await app.asStranger()
    page.setDefaultTimeout(8000)
    await page.goto(`/app/form/submit?f=${form.formId}`)
    const frame = page.frameLocator('iframe')
    const choose = async (...files: ReturnType<typeof text>[]) => {
      const chooser = page.waitForEvent('filechooser')
      await frame.getByRole('link', { name: /browse/i }).click()
      await (await chooser).setFiles(files)
    }
    return { page, form, frame, choose }
  }

  it('are uploaded, survive a reload and come with the submission', async () => {
    const { page, form, frame, choose } = await open()
    await choose(text('one.txt', 'first'), text('two.txt', 'second'))
    await frame.getByText('one.txt').waitFor()
    await frame.getByText('two.txt').waitFor()
    await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage))).toContain('two.txt')
    await page.reload()
    await frame.getByText('one.txt').waitFor()
    await page.getByRole('button', { name: 'Submit', exact: true }).click()
    await page.getByRole('heading', { name: 'Your submission was received' }).waitFor()
    await app.api.call('PUT', `/forms/${form.formId}/apiKey/filesApiAccess`, {
      as: app.api.owner,
      body: { filesApiAccess: true },
    })
    const list = await app.api.call('GET', `/forms/${form.formId}/submissions?fields=papers`, { as: form.key })
    const papers: { originalName: string; data: { id: string } }[] = list.json()[0].papers
    expect(papers.map((each) => each.originalName).toSorted()).toEqual(['one.txt', 'two.txt'])
    const contents = papers.map((each) => app.api.call('GET', `/files/${each.data.id}`, { as: form.key }))
    expect((await Promise.all(contents)).map((each) => each.body).toSorted()).toEqual(['first', 'second'])
  })

  it('are deleted when they are taken out again', async () => {
    const { page, frame, choose } = await open()
    await choose(text('one.txt', 'first'))
    await frame.getByText('one.txt').waitFor()
    const deleted = page.waitForResponse((response) => response.request().method() === 'DELETE')
    await frame.getByRole('button', { name: /remove/i }).click()
    expect((await deleted).status()).toBe(202)
    await frame.getByText('one.txt').waitFor({ state: 'detached' })
  })

  it('that the server refuses say why at the field', async () => {
    const { frame, choose } = await open()
    await choose(text('run.exe', 'MZ'))
    await frame.getByText(/^Files of this kind are not taken/).waitFor()
  })

  it('are waited for by a submission', async () => {
    const { page, form, frame, choose } = await open()
    let go = () => {}
    const held = new Promise<void>((resolve) => {
      go = resolve
    })
    await page.route('**/files?*', (route) => held.then(() => route.continue()))
    await choose(text('slow.txt', 'slow'))
    await page.getByRole('button', { name: 'Submit', exact: true }).click()
    await page.getByText(/^Your files are still being uploaded/).waitFor()
    go()
    await page.getByRole('heading', { name: 'Your submission was received' }).waitFor()
    await frame.getByText('slow.txt').waitFor()
    const list = await app.api.call('GET', `/forms/${form.formId}/submissions?fields=papers`, { as: form.key })
    expect(list.json()[0].papers).toHaveLength(1)
  })
})
