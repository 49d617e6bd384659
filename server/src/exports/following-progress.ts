import { setTimeout as sleep } from 'node:timers/promises'
import type { BackgroundExport } from './export-files.schemas.ts'

const everyMs = 500
/** Proxies close what is silent for a minute. */
const heartbeatMs = 25_000
const goesOn = new Set<BackgroundExport['status']>(['waiting', 'running'])

/**
 * Server-sent events: how far an export is, at once and each time that it changes, until it is over.
 * @param read throws when the export cannot be seen any more, which ends the stream
 */
export async function* followProgress(read: () => Promise<BackgroundExport>): AsyncGenerator<string> {
  let shown = ''
  let silentMs = 0
  for (;;) {
    const view = await read()
    const text = JSON.stringify(view)
    if (text !== shown) yield `event: progress\ndata: ${text}\n\n`
    else if (silentMs >= heartbeatMs) yield ': still here\n\n'
    silentMs = text !== shown || silentMs >= heartbeatMs ? 0 : silentMs + everyMs
    shown = text
    if (!goesOn.has(view.status)) return
    await sleep(everyMs)
  }
}
