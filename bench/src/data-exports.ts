import { readFile } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { authorizationOf, type BenchForm } from './scenario.ts'

const megabyte = 1024 * 1024

/** What went through, in how long, and the memory of the process that sent it. */
export type Flow = {
  bytes: number
  seconds: number
  /** In bytes; the curve has the highest of each fifth of the time. */
  resident?: { before: number; highest: number; curve: number[] }
}

/** One whole export. @param query of its address */
export async function measureExport(
  address: string,
  pid: number,
  form: BenchForm,
  query: string,
  coding = 'identity',
): Promise<Flow> {
  const before = await settledBytes(pid)
  const seen: number[] = []
  const watch = setInterval(async () => void seen.push(await residentBytes(pid)), 20)
  const started = performance.now()
  const bytes = await downloadExport(address, form, query, { coding })
  const seconds = (performance.now() - started) / 1000
  clearInterval(watch)
  seen.push(await residentBytes(pid))
  return { bytes, seconds, resident: { before, highest: Math.max(...seen), curve: highestOfFifths(seen) } }
}

function highestOfFifths(seen: number[]): number[] {
  const fifth = Math.max(1, Math.ceil(seen.length / 5))
  const parts = Array.from({ length: 5 }, (_, index) => seen.slice(index * fifth, (index + 1) * fifth))
  return parts.filter((part) => part.length > 0).map((part) => Math.max(...part))
}

/** The limit: PostgreSQL itself writes the same rows out, the answers as text. */
export async function copyOut(databaseUrl: string, { formId }: BenchForm): Promise<Flow> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const started = performance.now()
    const rows = client.query(
      copyTo(`copy (select id, confirmation_id, created_at, created_by, submitted_at, updated_at, status, draft, deleted, submission->'data'
        from submission where form_id = '${formId}' order by created_at desc, id desc) to stdout`),
    )
    let bytes = 0
    for await (const chunk of rows) bytes += chunk.length
    return { bytes, seconds: (performance.now() - started) / 1000 }
  } finally {
    await client.end()
  }
}

/** Reads an export and throws it away. @param isOver whether to leave before its end. @returns its bytes */
export async function downloadExport(
  address: string,
  form: BenchForm,
  query: string,
  { coding = 'identity', isOver = () => false }: { coding?: string; isOver?: () => boolean } = {},
): Promise<number> {
  const url = `${address}/app/api/v1/forms/${form.formId}/export?${query}`
  const headers = { authorization: authorizationOf(form), 'accept-encoding': coding }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers }, resolve).on('error', reject)
  })
  if (response.statusCode !== 200) throw new Error(`The export answered ${response.statusCode}.`)
  let bytes = 0
  for await (const chunk of response) {
    bytes += chunk.length
    if (isOver()) break
  }
  return bytes
}

/** Validation workers start after the server is ready; what they take is no export's. */
async function settledBytes(pid: number): Promise<number> {
  for (let last = 0; ; ) {
    const now = await residentBytes(pid)
    if (Math.abs(now - last) < megabyte) return now
    last = now
    await sleep(1500)
  }
}

/** What the kernel says (Linux); JavaScript's own heap is only a part of it. */
async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024
}
