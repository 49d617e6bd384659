import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeFolder, removeFolders } from '../../server/test/embedded.ts'
import { basic } from '../../server/test/harness.ts'
import { endAll, startServing } from '../../server/test/started.ts'
import { browserTimeout, closeContexts, describeInChromium, openWatched, sharedChromium } from './chromium.ts'

/** The whole way of a form's data, through the pages of a server that was started by its command on an empty folder. */
describeInChromium('the story of a form', browserTimeout, () => {
  const opened: { foreignRequests: string[]; policyViolations: string[]; errors: string[] }[] = []
  let server: Awaited<ReturnType<typeof startServing>>
  let origin: string
  let browser: Awaited<ReturnType<typeof sharedChromium>>
  beforeAll(async () => {
    server = await startServing({ DATA_DIR: join(await makeFolder(), 'data') })
    // As its own links name it; cookies are not shared with 127.0.0.1.
    origin = `http://localhost:${server.url.port}`
    browser = await sharedChromium()
  })
  afterAll(async () => {
    await closeContexts(browser)
    await endAll()
    await removeFolders()
  })

  const open = async (options: object = {}): Promise<Page> => {
    const watched = await openWatched(browser, origin, options)
    opened.push(watched)
    return watched.page
  }

  it('goes from the first start to the CSV file', async () => {
    const owner = await open({ permissions: ['clipboard-read', 'clipboard-write'], acceptDownloads: true })
    await setUp(owner, await linkIn(server))
    const formId = await createForm(owner, 'Street lights')
    await design(owner, 'Which street?')
    await publish(owner)
    const link = await copyLink(owner)

    const stranger = await open()
    const confirmationId = await fillIn(stranger, link, 'Which street?', 'Elm Street')

    await owner.getByRole('link', { name: 'Submissions' }).click()
    await owner.getByRole('row').filter({ hasText: confirmationId }).getByText('Elm Street').waitFor()

    const first = await generateKey(owner)
    expect(await answersBy(formId, first)).toEqual([200, ['Elm Street']])
    const second = await regenerateKey(owner)
    expect(second).not.toBe(first)
    expect(await answersBy(formId, first)).toEqual([401, undefined])
    expect(await answersBy(formId, second)).toEqual([200, ['Elm Street']])

    const csv = await exportCsv(owner)
    expect(csv).toContain(confirmationId)
    expect(csv).toContain('Elm Street')
    for (const { foreignRequests, policyViolations, errors } of opened) {
      expect({ foreignRequests, policyViolations, errors }).toEqual({
        foreignRequests: [],
        policyViolations: [],
        errors: [],
      })
    }
  })

  async function answersBy(formId: string, secret: string) {
    const address = `${origin}/app/api/v1/forms/${formId}/submissions?fields=whichStreet`
    const reply = await fetch(address, { headers: { authorization: basic(formId, secret) } })
    if (!reply.ok) return [reply.status, undefined]
    const rows = (await reply.json()) as { whichStreet: string }[] // the form has one question
    return [reply.status, rows.map(({ whichStreet }) => whichStreet)]
  }
})

async function linkIn(server: { line(pattern: RegExp): Promise<unknown>; output(): string }): Promise<string> {
  await server.line(/Make the first account: \S+/)
  return /Make the first account: (\S+)/.exec(server.output())?.[1] ?? ''
}

async function setUp(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.getByLabel('Name', { exact: true }).fill('Ada Owner')
  await page.getByLabel('E-mail address').fill('ada@example.org')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await page.getByRole('button', { name: 'Make the first account' }).click()
  await page.getByText('You have no forms yet.').waitFor()
}

async function createForm(page: Page, name: string): Promise<string> {
  await page.getByRole('button', { name: 'New form' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('button', { name: 'Create form' }).click()
  await page.waitForURL('**/app/form/design?f=*')
  return new URL(page.url()).searchParams.get('f') ?? ''
}

async function design(page: Page, question: string): Promise<void> {
  const builder = page.frameLocator('iframe[title="Form builder"]')
  await builder.getByRole('button', { name: 'Text Field', exact: true }).press('Enter')
  const dialog = builder.getByRole('dialog', { name: 'Field settings' })
  await dialog.getByRole('textbox', { name: /^Label/ }).fill(question)
  // form.io names the key after the label a moment later.
  await expect.poll(() => dialog.locator('input[name="data[key]"]').inputValue()).toBe('whichStreet')
  await dialog.getByRole('button', { name: 'Save', exact: true }).press('Enter')
  await builder.getByText(question).waitFor()
}

async function publish(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Publish' }).click()
  await page.getByRole('dialog', { name: 'Publish the form' }).getByRole('button', { name: 'Publish' }).click()
  await page.getByText('Published v1').waitFor()
}

async function copyLink(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Share' }).click()
  await page.getByRole('button', { name: 'Copy link' }).click()
  await page.getByText('Copied').first().waitFor()
  return page.evaluate(() => navigator.clipboard.readText())
}

async function fillIn(page: Page, link: string, question: string, answer: string): Promise<string> {
  await page.goto(link)
  await page.frameLocator('iframe').getByLabel(question).fill(answer)
  await page.getByRole('button', { name: 'Submit', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Your submission was received' }).waitFor()
  return page.locator('.confirmation strong').innerText()
}

async function generateKey(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('link', { name: 'API key' }).click()
  await page.getByRole('button', { name: 'Generate API key' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Generate API key' }).click()
  return page.locator('.key-new').innerText()
}

async function regenerateKey(page: Page): Promise<string> {
  const old = await page.locator('.key-new').innerText()
  await page.getByRole('button', { name: 'Regenerate API key' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Regenerate API key' }).click()
  await expect.poll(() => page.locator('.key-new').innerText()).not.toBe(old)
  return page.locator('.key-new').innerText()
}

async function exportCsv(page: Page): Promise<string> {
  // Chromium's own dialog for a place cannot be answered here; without it the page saves by a download.
  await page.evaluate('delete window.showSaveFilePicker')
  await page.getByRole('link', { name: 'Export' }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  return readFileSync(await (await downloading).path(), 'utf8')
}
