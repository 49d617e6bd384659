import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { type Api, openApi } from '../../server/test/harness.ts'
import { closeContexts, openWatched, sharedChromium, type Watched, watchPageOf } from './chromium.ts'

export type BrowserApp = {
  api: Api
  origin: string
  browser: Browser
  /** A page for the form owner of the harness, who is signed in. */
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
  return {
    api,
    origin,
    browser,
    asOwner: (options) => openWatched(browser, origin, { cookie: api.owner.cookie, ...options }),
    asStranger: (options) => openWatched(browser, origin, options),
    anotherPage: ({ page }) => watchPageOf(page.context(), origin),
    async close() {
      await closeContexts(browser)
      await api.close()
    },
  }
}
