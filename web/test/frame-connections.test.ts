import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Api, openApi } from '../../server/test/harness.ts'
import { browserTimeout, describeInChromium } from './chromium.ts'
import { installedChromium } from './installed-chromium.ts'

/** Has the browser look up names, as hostile code would put answers into them. */
const hints = (place: string) => `
  for (const rel of ['dns-prefetch', 'preconnect']) {
    const link = document.createElement('link')
    link.rel = rel
    link.href = 'http://' + rel + '-from-${place}.invalid'
    document.head.append(link)
  }`

describeInChromium('names that a script has looked up', browserTimeout, () => {
  let api: Api
  let plain: Server
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'formgate-names-'))
    api = await openApi()
    await api.app.listen({ port: 0, host: '127.0.0.1' })
    const page = `<!doctype html><script>${hints('plain-page')}</script>`
    plain = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(page))
    await once(plain.listen(0, '127.0.0.1'), 'listening')
  })
  afterAll(async () => {
    plain?.close()
    await api?.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  it('are asked for from a page that nothing protects', async () => {
    const asked = await namesAsked(addressOf(plain), (log) => log.includes('preconnect-from-plain-page'))
    expect(asked('plain-page')).toEqual(['dns-prefetch', 'preconnect'])
  })

  it('are never asked for from a form', async () => {
    // An image of ours, which is allowed, tells that the script ran.
    const script = `${hints('form')}; new Image().src = '/app/icon.svg?hinted'; value = ''`
    const components = [{ type: 'textfield', key: 'name', label: 'Name', input: true, customDefaultValue: script }]
    const form = await api.addForm({ schema: { display: 'form', components } })
    const address = `${addressOf(api.app.server).replace('127.0.0.1', 'localhost')}/app/form/submit?f=${form.formId}`
    const asked = await namesAsked(address, (log) => log.includes('icon.svg?hinted'))
    expect(asked('form')).toEqual([])
  })

  /**
   * Opens a page in a Chromium of its own and gives what the browser asked the network for. Playwright's makes no such
   * connections, protected or not.
   */
  async function namesAsked(address: string, isDone: (log: string) => boolean) {
    const log = join(folder, `${crypto.randomUUID()}.json`)
    const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-sync']
    const own = [`--user-data-dir=${join(folder, crypto.randomUUID())}`, `--log-net-log=${log}`]
    const child = spawn(installedChromium ?? '', [...flags, ...own, '--remote-debugging-port=0', address], {
      stdio: 'ignore',
    })
    const read = () => readFile(log, 'utf8').catch(() => '')
    await expect.poll(async () => isDone(await read()), { timeout: 30_000 }).toBe(true)
    child.kill('SIGTERM')
    await once(child, 'exit')
    const text = await read()
    return (place: string) =>
      ['dns-prefetch', 'preconnect'].filter((rel) => text.includes(`${rel}-from-${place}.invalid`))
  }
})

function addressOf(server: { address(): unknown }): string {
  const { port } = server.address() as AddressInfo // a TCP server's address is no string
  return `http://127.0.0.1:${port}`
}
