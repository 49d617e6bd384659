import { setTimeout as sleep } from 'node:timers/promises'
import type { Chromium, Session } from './devtools.ts'

/** What Chromium's DevTools call slow: a middling phone on a mobile network. */
const throttle = { cpuRate: 4, latencyMs: 150, bytesPerSecond: 1_600_000 / 8 }

/** A main thread that has had nothing to do for longer than 50 ms at a time answers a key in that time. */
const quietMs = 1000
const patienceMs = 120_000

export type LoadedFile = { path: string; bytes: number; cached: boolean; encoding: string }
export type Visit = {
  files: LoadedFile[]
  firstPaintMs: number
  readyMs: number
  interactiveMs: number
  busyMs: number
}

type Clocked = { from: number; firstPaint?: number; inputAt?: number; shownAt?: number; tasks: [number, number][] }

/** Runs in the page and in its frame before anything else does. Times are those of the wall, alike in all processes. */
const clock = `(() => {
  const at = (time) => performance.timeOrigin + time
  const seen = (globalThis.clocked = { from: performance.timeOrigin, tasks: [] })
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) seen.tasks.push([at(startTime), at(startTime + duration)])
  }).observe({ type: 'longtask', buffered: true })
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) if (name === 'first-contentful-paint') seen.firstPaint = at(startTime)
  }).observe({ type: 'paint', buffered: true })
  const look = () => {
    const now = at(performance.now())
    if (document.querySelector('input:not([type=hidden])')) seen.inputAt ??= now
    const frame = document.querySelector('iframe')
    if (frame && !frame.matches('.fill-waiting')) seen.shownAt ??= now
  }
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true })
})()`

/**
 * Opens an address on a slow computer behind a slow line. The page is interactive when its first input is there, is shown,
 * and from then on neither the page's nor the frame's main thread has had a task over 50 ms for a second; the time counted
 * is when the last such task ended, or when the input was shown if none came after it.
 * @param encodings what the browser accepts, best first
 */
export async function visit(chromium: Chromium, address: string, encodings: string): Promise<Visit> {
  const files = new Map<string, LoadedFile>()
  const sessions: Session[] = []
  const page = await chromium.open({
    prepare(session) {
      sessions.push(session)
      return slowDown(session, encodings)
    },
    hear: (method, params) => note(files, method, params),
  })
  await page.send('Page.navigate', { url: address })
  const times = await untilQuiet(sessions)
  await page.send('Page.close')
  return { files: [...files.values()], ...times }
}

function slowDown(session: Session, encodings: string): Promise<unknown> {
  return Promise.all([
    session.send('Network.enable'),
    session.send('Network.setExtraHTTPHeaders', { headers: { 'accept-encoding': encodings } }),
    session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: throttle.latencyMs,
      downloadThroughput: throttle.bytesPerSecond,
      uploadThroughput: throttle.bytesPerSecond,
    }),
    session.send('Emulation.setCPUThrottlingRate', { rate: throttle.cpuRate }),
    session.send('Page.enable'),
    session.send('Page.addScriptToEvaluateOnNewDocument', { source: clock }),
  ])
}

// biome-ignore lint/suspicious/noExplicitAny: the parameters of an event depend on its method.
function note(files: Map<string, LoadedFile>, method: string, params: any): void {
  if (method === 'Network.responseReceived') {
    const { url, headers, fromDiskCache } = params.response
    const encoding = headers['content-encoding'] ?? headers['Content-Encoding'] ?? 'identity'
    if (!url.startsWith('http')) return // pictures that the style sheet holds
    files.set(params.requestId, { path: new URL(url).pathname, bytes: 0, cached: fromDiskCache, encoding })
  }
  const file = files.get(params.requestId)
  if (file && method === 'Network.requestServedFromCache') file.cached = true
  if (file && method === 'Network.loadingFinished') file.bytes = params.encodedDataLength
}

async function untilQuiet(sessions: Session[]): Promise<Omit<Visit, 'files'>> {
  for (const started = Date.now(); Date.now() - started < patienceMs; await sleep(200)) {
    const clocks = await Promise.all(sessions.map(readClock))
    const [page] = clocks
    const inputAt = Math.min(...clocks.flatMap((each) => each?.inputAt ?? []))
    if (!page || page.firstPaint === undefined || !Number.isFinite(inputAt)) continue
    if (clocks.length > 1 && page.shownAt === undefined) continue
    const readyAt = Math.max(inputAt, page.shownAt ?? 0)
    const tasks = clocks.flatMap((each) => each?.tasks ?? []).sort(([left], [right]) => left - right)
    const quietFrom = endOfWork(readyAt, tasks)
    if (Date.now() - quietFrom < 2 * quietMs) continue
    const busyMs = tasks.reduce((sum, [from, to]) => sum + to - from, 0)
    return {
      firstPaintMs: page.firstPaint - page.from,
      interactiveMs: quietFrom - page.from,
      readyMs: readyAt - page.from,
      busyMs,
    }
  }
  throw new Error('The page did not become interactive.')
}

/** The end of the last long task that began less than a quiet time after what was before it. */
function endOfWork(readyAt: number, tasks: [number, number][]): number {
  return tasks.reduce((end, [from, to]) => (to > end && from < end + quietMs ? to : end), readyAt)
}

async function readClock(session: Session): Promise<Clocked | undefined> {
  const request = { expression: 'globalThis.clocked', returnByValue: true }
  // Between two documents there is nothing that could answer.
  const answer = await session.send('Runtime.evaluate', request).catch(() => undefined)
  return answer?.result.value
}
