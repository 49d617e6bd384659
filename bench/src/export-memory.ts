// node scripts/run.mjs bench/src/export-memory.ts [rows …]: memory and speed of the exports, 1,000 and 100,000 rows unless said.
import { randomBytes, randomUUID } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { generateApiKey, hashOfKey } from '../../server/src/api-keys/api-key.ts'
import { migrate } from '../../server/src/db/migrate.ts'
import { startEmbeddedPostgres } from '../../server/src/embedded-postgres/embedded-postgres.ts'
import { startFormgate } from './servers.ts'

const megabyte = 1024 * 1024
const formats = ['json', 'csv'] as const
type Form = { formId: string; versionId: string; secret: string }

const sizes = process.argv.slice(2).map(Number)
const folder = await mkdtemp(join(tmpdir(), 'formgate-exports-'))
await chmod(folder, 0o755) // PostgreSQL runs as another user when this runs as root
const server = await startEmbeddedPostgres({ dataDir: join(folder, 'database'), log: () => undefined })
try {
  await migrate(server.url)
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  console.log('| format | submissions | MB | s | rows/s | RSS before | RSS highest | growth |')
  console.log('|---|--:|--:|--:|--:|--:|--:|--:|')
  for (const rows of sizes.length > 0 ? sizes : [1000, 100_000]) {
    const form = await seed(client, rows)
    for (const format of formats) console.log(await measure(server.url, form, format, rows))
  }
  await client.end()
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}

/** A form of 20 fields with its key and submissions of 1.5 KB. */
async function seed(client: pg.Client, rows: number): Promise<Form> {
  const form = { formId: randomUUID(), versionId: randomUUID(), secret: generateApiKey(randomBytes) }
  const keys = Array.from({ length: 20 }, (_, place) => `field${place}`)
  const components = keys.map((key) => ({ type: 'textfield', key, label: key, input: true }))
  await client.query(`insert into form (id, name, created_by) values ($1, 'Measured', 'bench')`, [form.formId])
  await client.query(
    `insert into form_version (id, form_id, version, schema, published, created_by) values ($1, $2, 1, $3, true, 'bench')`,
    [form.versionId, form.formId, JSON.stringify({ components })],
  )
  await client.query(
    `insert into api_key (form_id, secret_hash, secret_sealed, created_by) values ($1, $2, '', 'bench')`,
    [form.formId, hashOfKey(form.secret)],
  )
  await client.query(
    `insert into submission (id, form_id, form_version_id, status, submission, created_by, created_at, submitted_at)
     select gen_random_uuid(), $1, $2, 'SUBMITTED', jsonb_build_object('data', answers), 'public', moment, moment
     from generate_series(1, $3::int) n
     cross join lateral (select now() - n * interval '1 ms' as moment) at
     cross join lateral (select jsonb_object_agg(key, md5(n || key) || ' ' || left(md5(key || n), 24)) as answers
       from unnest($4::text[]) key) made`,
    [form.formId, form.versionId, rows, keys],
  )
  await client.query(
    `insert into submission_status (id, submission_id, code, created_by)
     select gen_random_uuid(), id, 'SUBMITTED', 'public' from submission where form_id = $1`,
    [form.formId],
  )
  await client.query('vacuum analyze submission, submission_status')
  return form
}

/** One line of the table: a new server each time, so that no earlier export has grown it. */
async function measure(url: string, form: Form, format: string, rows: number): Promise<string> {
  const port = 20_000 + Math.floor(Math.random() * 20_000)
  const env = { SECRET_KEY: 'a secret key of this measurement only', NODE_OPTIONS: process.env.NODE_OPTIONS ?? '' }
  const running = await startFormgate(url, join(folder, 'server'), env, port)
  try {
    const pid = running.process.pid ?? 0
    const before = await settledBytes(pid)
    let highest = before
    const watch = setInterval(async () => {
      highest = Math.max(highest, await residentBytes(pid))
    }, 20)
    const started = performance.now()
    const bytes = await download(`${running.address}/app/api/v1/forms/${form.formId}/export?format=${format}`, form)
    const seconds = (performance.now() - started) / 1000
    clearInterval(watch)
    return row(format, rows, bytes, seconds, before, Math.max(highest, await residentBytes(pid)))
  } finally {
    await running.stop()
  }
}

function row(format: string, rows: number, bytes: number, seconds: number, before: number, highest: number): string {
  const inMb = (value: number) => `${Math.round(value / megabyte)} MB`
  const cells = [
    format,
    rows.toLocaleString('en'),
    (bytes / megabyte).toFixed(1),
    seconds.toFixed(2),
    Math.round(rows / seconds).toLocaleString('en'),
    inMb(before),
    inMb(highest),
    inMb(highest - before),
  ]
  return `| ${cells.join(' | ')} |`
}

async function download(url: string, { formId, secret }: Form): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${formId}:${secret}`).toString('base64')}`
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers: { authorization } }, resolve).on('error', reject)
  })
  if (response.statusCode !== 200) throw new Error(`The export answered ${response.statusCode}.`)
  let bytes = 0
  for await (const chunk of response) bytes += chunk.length
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
