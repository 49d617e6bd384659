import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
  type Request,
} from 'playwright-core'
import { describe, onTestFinished, TestRunner } from 'vitest'
import { howToGetChromium, installedChromium } from './installed-chromium.ts'

const isMissing = installedChromium === undefined

if (isMissing) {
  console.error(`Browser tests need Chromium, and there is none here: ${howToGetChromium}`)
}

/** Like `describe`, for tests in Chromium: skipped with the line above where there is none, and a failure in CI. */
export const describeInChromium = describe.skipIf(isMissing && process.env.CI !== 'true')

/**
 * Drawing a page takes seconds on a busy machine, and what a test does between two drawings may then come too early: it is
 * tried again before it counts as a failure.
 */
export const browserTimeout = { timeout: 120_000, retry: 2 }

let shared: Promise<Browser> | undefined

/**
 * The Chromium of this worker, which the files that it runs one after another share: each opens contexts of its own and
 * closes them by `closeContexts`. It ends with the worker, because the pipe that it is led through breaks then.
 */
export async function sharedChromium(): Promise<Browser> {
  const before = await shared?.catch(() => undefined)
  if (before?.isConnected()) return before
  shared = launchChromium()
  return shared
}

/** Closes all that a file has opened in the Chromium of this worker. */
export async function closeContexts(browser: Browser | undefined): Promise<void> {
  await Promise.all((browser?.contexts() ?? []).map((context) => context.close()))
}

function launchChromium(): Promise<Browser> {
  if (!installedChromium) throw new Error('There is no Chromium on this machine.')
  return chromium.launch({
    executablePath: installedChromium,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Else the browser itself would keep a test's page from asking another port of this machine, and no policy of ours.
      '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebRTC,LocalNetworkAccessChecksWebSockets',
    ],
  })
}

type ContextOptions = BrowserContextOptions & { cookie?: string }

/** What a page did that no page of ours may do. */
export type Watched = { page: Page; foreignRequests: string[]; policyViolations: string[]; errors: string[] }

/**
 * A page in a context of its own, watched: requests to other hosts than ours, violations of the content security policy
 * and uncaught errors are collected. End a test with `expect(watched.foreignRequests).toEqual([])`. What a test opens is
 * closed after it: pages that are left go on drawing and asking, and slow down the tests after it.
 */
export async function openWatched(browser: Browser, origin: string, options: ContextOptions = {}): Promise<Watched> {
  const context = await openContext(browser, origin, options)
  closeAfterTest(context)
  return watchPageOf(context, origin)
}

export async function openContext(browser: Browser, origin: string, options: ContextOptions): Promise<BrowserContext> {
  const { cookie, ...rest } = options
  // Without a graphics card each moment of a movement is drawn by the processor, and tests wait for its end.
  const context = await browser.newContext({ baseURL: origin, locale: 'en-CA', reducedMotion: 'reduce', ...rest })
  if (cookie) await context.addCookies(cookiesOf(cookie, origin))
  return context
}

/** Another page of a context, watched in the same way: what it loads again comes from the context's cache. */
export async function watchPageOf(context: BrowserContext, origin: string): Promise<Watched> {
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const watched: Watched = { page, foreignRequests: [], policyViolations: [], errors: [] }
  const note = (request: Request) => {
    const url = request.url()
    if (/^https?:/.test(url) && new URL(url).origin !== origin) watched.foreignRequests.push(url)
  }
  // Of the whole context: what a page opens beside itself is its doing too.
  context.on('request', note)
  page.once('close', () => context.off('request', note))
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) watched.policyViolations.push(message.text())
  })
  page.on('pageerror', (error) => watched.errors.push(error.message))
  return watched
}

/** Outside tests there is nothing to wait for: `closeContexts` closes what a whole file uses. */
export function closeAfterTest(opened: Page | BrowserContext): void {
  if (TestRunner.getCurrentTest()) onTestFinished(() => opened.close())
}

function cookiesOf(header: string, url: string) {
  return header.split('; ').map((pair) => {
    const end = pair.indexOf('=')
    return { name: pair.slice(0, end), value: pair.slice(end + 1), url }
  })
}
