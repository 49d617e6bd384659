import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext } from 'playwright-core'
import { type Api, openApi } from '../../server/test/harness.ts'
import {
  closeAfterTest,
  closeContexts,
  openContext,
  openWatched,
  sharedChromium,
  type Watched,
  watchPageOf,
} from './chromium.ts'

export type BrowserApp = {
  api: Api
  origin: string
  browser: Browser
  /**
   * A page for the form owner of the harness, who is signed in, in a context that the tests of a file share: what it loads
   * comes from that context's cache. It is closed after the test. For tests that leave cookies and settings as they are.
   */
  ownerPage(): Promise<Watched>
  /** The same in a context of its own. */
  asOwner(options?: object): Promise<Watched>
  /** A page for somebody who is not. */
  asStranger(options?: object): Promise<Watched>
  /** Another page in the browser of whoever has this one. */
  anotherPage(watched: Watched): Promise<Watched>
  close(): Promise<void>
}

/** The real server on a port of its own, with its database, and the Chromium of this worker. */
export async function openBrowserApp(config: Parameters<typeof openApi>[0] = {}): Promise<BrowserApp> {
  const api = await openApi(config)
  await api.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = api.app.server.address() as AddressInfo // a TCP server's address is no string
  const origin = `http://localhost:${port}`
  const browser = await sharedChromium()
  let shared: Promise<BrowserContext> | undefined
  const anotherPage = async (context: BrowserContext) => {
    const watched = await watchPageOf(context, origin)
    closeAfterTest(watched.page)
    return watched
  }
  return {
    api,
    origin,
    browser,
    async ownerPage() {
      shared ??= openContext(browser, origin, { cookie: api.owner.cookie })
      return anotherPage(await shared)
    },
    asOwner: (options) => openWatched(browser, origin, { cookie: api.owner.cookie, ...options }),
    asStranger: (options) => openWatched(browser, origin, options),
    anotherPage: ({ page }) => anotherPage(page.context()),
    async close() {
      await closeContexts(browser)
      await api.close()
    },
  }
}
