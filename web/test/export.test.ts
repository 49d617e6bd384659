import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addVersion, schemaOf, textField } from '../../server/test/exports-app.ts'
import type { TestForm } from '../../server/test/harness.ts'
import { type BrowserApp, openBrowserApp } from './app.ts'
import { violations } from './axe.ts'
import { browserTimeout, describeInChromium } from './chromium.ts'

describeInChromium('the export page', browserTimeout, () => {
  let app: BrowserApp
  let form: TestForm
  const folder = mkdtempSync(join(tmpdir(), 'formgate-export-'))
  beforeAll(async () => {
    app = await openBrowserApp()
    form = await app.api.addForm()
    for (const name of ['Zoé', '=1+1', "O'Neill, $HOME"])
      await app.api.submit(form, { name, children: [{ first: 'Bo' }] })
    await app.api.submit(form, { name: 'Half' }, { draft: true })
  }, 120_000)
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await app?.close()
  })

  /** Chromium's own dialog cannot be answered by a test; without it the page saves by a download. */
  const open = async (before = 'delete window.showSaveFilePicker') => {
    const watched = await app.ownerPage()
    await watched.page.addInitScript(before)
    await watched.page.goto(`/app/form/export?f=${form.formId}`)
    await watched.page.getByText('will be in the file.').waitFor()
    return watched
  }
  const byCurl = async (line: string, encoding: 'utf8' | 'latin1' = 'utf8'): Promise<string> => {
    // Not waited for in a blocking call: the server is in this process.
    await promisify(execFile)('bash', ['-c', line], {
      cwd: folder,
      env: { ...process.env, API_KEY: form.secret },
      timeout: 20_000,
    })
    const file = /-o '([^']+)'/.exec(line)?.[1] ?? ''
    return readFileSync(join(folder, file), encoding)
  }

  it.each<[string, (page: Page) => Promise<unknown>, RegExp]>([
    ['a CSV', async () => undefined, /^\uFEFFform\.submissionId,/],
    [
      'a JSON with drafts',
      async (page) => [
        await page.getByLabel('JSON, for programs').check(),
        await page.getByLabel('Drafts too').check(),
      ],
      /"Half"/,
    ],
    [
      'JSON lines of one status and one day',
      async (page) => {
        await page.getByLabel('JSON lines').check()
        await page.getByLabel('Status').selectOption('Submitted')
        await page.getByLabel('By date').selectOption('When it was submitted')
        await page.getByLabel('From', { exact: true }).fill('2026-01-02')
      },
      /^\{.*"name": ?"O'Neill, \$HOME".*\}\n\{.*\}\n\{.*\}\n$/,
    ],
    [
      'chosen columns of one day',
      async (page) => {
        await page.getByLabel('From', { exact: true }).fill('2026-01-02')
        await page.getByLabel('Mark the file so that Excel shows accents').uncheck()
        await page.getByLabel('Only some columns').check()
        await page.getByRole('checkbox', { name: 'name Name', exact: true }).check()
      },
      /^name\r\n/,
    ],
  ])('saves %s, the same that its line for curl gets', async (_, choose, expected) => {
    const { page } = await open()
    await choose(page)
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    const saved = readFileSync(await (await downloading).path(), 'utf8')
    await page.getByText('Exported:').waitFor()
    expect(saved).toMatch(expected)
    const line = await page.locator('.export-curl').innerText()
    expect(await byCurl(line)).toBe(saved)
  })

  it.each([
    ['Excel workbook (XLSX)', 'xlsx', 'PK'],
    ['Parquet, for data analysis', 'parquet', 'PAR1'],
  ])('saves a file as %s, the same that its line for curl gets', async (label, format, start) => {
    const { page } = await open()
    await page.getByLabel(label).check()
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toBe(`survey_submissions.${format}`)
    const saved = readFileSync(await download.path(), 'latin1')
    await page.getByText('Exported:').waitFor()
    expect(saved.startsWith(start)).toBe(true)
    expect(await byCurl(await page.locator('.export-curl').innerText(), 'latin1')).toBe(saved)
  })

  it('lays tables out as chosen, and lists the columns of that layout', async () => {
    const { page } = await open()
    await page.getByLabel('Tables inside the form').selectOption('One line for each submission, more columns')
    await page.getByText('Each row of a table gets columns of its own').waitFor()
    await page.getByLabel('Questions as column names, instead of their keys').check()
    await page.getByLabel('Only some columns').check()
    await page.getByLabel('children.0.first').check()
    const line = (await page.locator('code', { hasText: 'curl' }).textContent()) ?? ''
    expect(await byCurl(line)).toBe('\uFEFFFirst name (1)\r\nBo\r\nBo\r\nBo\r\n')
  })

  it('tells how many submissions its filters leave', async () => {
    const { page } = await open()
    await page.getByLabel('Status').selectOption('Completed')
    await page.getByText('0 submissions will be in the file.').waitFor()
    await page.getByLabel('Status').selectOption('Any status')
    await page.getByLabel('By date').selectOption('When it was last changed')
    await page.getByLabel('To', { exact: true }).fill('2026-01-02')
    await page.getByText('0 submissions will be in the file.').waitFor()
    await page.getByLabel('To', { exact: true }).fill('')
    await page.getByText('3 submissions will be in the file.').waitFor()
  })

  it('calls columns of every version by their labels', async () => {
    const choices = { type: 'selectboxes', key: 'sells', label: 'What do you sell?', input: true }
    const sells = { ...choices, values: [{ label: 'Fresh eggs', value: 'eggs' }] }
    const first = await app.api.addForm({ schema: schemaOf([sells]) })
    await app.api.submit(first, { sells: { eggs: true } })
    const later = await addVersion(app.api, first, schemaOf([{ ...textField('why'), label: 'Why?' }]))
    await app.api.submit(later, { why: 'Because' })
    const { page } = await app.ownerPage()
    await page.goto(`/app/form/export?f=${first.formId}`)
    await page.getByLabel('Only some columns').check()
    await page.getByRole('checkbox', { name: 'sells.eggs What do you sell?: Fresh eggs' }).waitFor()
    await page.getByRole('checkbox', { name: 'why Why?' }).waitFor()
    await page.getByRole('checkbox', { name: 'form.status Status' }).waitFor()
  })

  it('offers formats, each with what belongs to it, and the version', async () => {
    const { page } = await open()
    const labels = page.getByRole('group', { name: 'Format' }).locator('label')
    expect(await labels.allInnerTexts()).toEqual([
      'CSV, for spreadsheets and statistics',
      'Tables inside the form',
      'Questions as column names, instead of their keys',
      'Mark the file so that Excel shows accents',
      'Keep spreadsheets from calculating answers that begin like a formula',
      'Excel workbook (XLSX)',
      'JSON, for programs',
      'JSON lines (NDJSON), for programs that read line by line',
      'Parquet, for data analysis',
    ])
    await page.getByLabel('Excel workbook (XLSX)').check()
    await page.getByText('times as your clocks show them').waitFor()
    expect(await page.getByLabel('Mark the file so that Excel shows accents').count()).toBe(0)
    await page.getByLabel('Version').selectOption('Version 1')
    expect(await page.locator('.export-curl').innerText()).toContain('version=1')
  })

  it('writes into the file that was chosen, and tells its rows', async () => {
    const picker = `window.showSaveFilePicker = async ({ suggestedName }) =>
      (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true })`
    const { page } = await open(picker)
    expect(await page.getByText('3 submissions will be in the file.').count()).toBe(1)
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    await page.getByText('Exported: 3 rows').waitFor()
    const written = await page.evaluate(`navigator.storage.getDirectory()
      .then((folder) => folder.getFileHandle('survey_submissions.csv'))
      .then((handle) => handle.getFile()).then((file) => file.text())`)
    // A person opens the file in a spreadsheet, which would calculate.
    expect(written).toContain("'=1+1")
    // The result is still there after a look at another page.
    await page.getByRole('link', { name: 'Submissions', exact: true }).click()
    await page.getByRole('table').waitFor()
    await page.getByRole('link', { name: 'Export', exact: true }).click()
    await page.getByText('Exported: 3 rows').waitFor()
  })

  it('lets the server stop when the file cannot be written', async () => {
    const full = `window.showSaveFilePicker = async () => ({
        getFile: async () => new File([], 'a'),
        createWritable: async () => ({ write: async () => { throw new DOMException('', 'QuotaExceededError') }, abort: async () => {} }),
      })
      const real = window.fetch
      window.fetch = (request) => request.url?.includes('/export?')
        ? Promise.resolve(new Response(new ReadableStream({
            start: (controller) => controller.enqueue(new TextEncoder().encode('a,b')),
            cancel: () => (window.stopped = true),
          })))
        : real(request)`
    const { page } = await open(full)
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    await page.getByText('The file could not be written.').waitFor()
    expect(await page.evaluate('window.stopped')).toBe(true)
  })

  it('keeps no file when the connection breaks midway, or when it is cancelled', async () => {
    const broken = `delete window.showSaveFilePicker
      const real = window.fetch
      window.endings = ['error', 'hang']
      window.fetch = (request) => {
        if (!request.url?.includes('/export?')) return real(request)
        const ending = window.endings.shift()
        const body = new ReadableStream({
          start(controller) {
            controller.enqueue(new TextEncoder().encode('a,b\\r\\n1,2\\r\\n'))
            request.signal.addEventListener('abort', () => controller.error(request.signal.reason))
            if (ending === 'error') setTimeout(() => controller.error(new TypeError('network error')))
          },
        })
        return Promise.resolve(new Response(body))
      }`
    const { page } = await open(broken)
    const downloads: unknown[] = []
    page.on('download', (download) => downloads.push(download))
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    await page.getByText('The connection broke off.').waitFor()
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    await page.getByText('1 row so far').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('The export was cancelled.').waitFor()
    expect(downloads).toEqual([])
  })

  it('has a file prepared on the server, shows how far it is, and links to it', async () => {
    const watched = await open()
    const { page } = watched
    await page.getByRole('button', { name: 'Prepare on the server' }).click()
    const prepared = page.getByRole('region', { name: 'Files prepared on the server' })
    await prepared.getByText('3 submissions').waitFor()
    await prepared.getByText('Kept until').waitFor()
    const downloading = page.waitForEvent('download')
    await prepared.getByRole('link', { name: 'Download' }).first().click()
    const file = await downloading
    expect(file.suggestedFilename()).toBe('survey_submissions.csv')
    expect(readFileSync(await file.path(), 'utf8')).toContain('Zoé')
    expect(await violations(page)).toEqual([])
    expect(watched).toMatchObject({ foreignRequests: [], policyViolations: [], errors: [] })
  })

  it('is accessible, asks nobody else, and does not scroll sideways on a phone', async () => {
    const watched = await open()
    const { page } = watched
    await page.setViewportSize({ width: 320, height: 700 })
    await page.getByLabel('Only some columns').check()
    await page.getByText('Tick at least one column.').waitFor()
    expect(await violations(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    expect(watched).toMatchObject({ foreignRequests: [], policyViolations: [], errors: [] })
  })
})
