import { setTimeout as sleep } from 'node:timers/promises'
import { downloadExport } from './data-exports.ts'
import { percentilesOf } from './rounds.ts'
import { authorizationOf, type BenchForm } from './scenario.ts'

export type Beside = { exports: number; calls: number; p50Ms: number; p99Ms: number }

const forMs = 10_000
/** As programs call that read now and then. */
const pauseMs = 5

/** How long reading a submission takes beside so many exports of the whole form, that begin again when they end. */
export async function measureBeside(address: string, form: BenchForm, exports: number): Promise<Beside> {
  let over = false
  const exporting = Array.from({ length: exports }, async () => {
    while (!over) await downloadExport(address, form, 'format=csv', { isOver: () => over })
  })
  // Until all of them are under way.
  await sleep(1_000)
  const times = await readFor(address, form)
  over = true
  await Promise.all(exporting)
  return { exports, calls: times.length, ...percentilesOf(times) }
}

async function readFor(address: string, form: BenchForm): Promise<number[]> {
  const headers = { authorization: authorizationOf(form) }
  const url = `${address}/app/api/v1/submissions/${form.submissionId}`
  const times: number[] = []
  const endsAt = performance.now() + forMs
  while (performance.now() < endsAt) {
    const started = performance.now()
    const response = await fetch(url, { headers })
    if (!response.ok) throw new Error(`${url}: ${response.status}`)
    await response.text()
    times.push(performance.now() - started)
    await sleep(pauseMs)
  }
  return times
}
