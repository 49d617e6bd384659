import { readFile, rename, writeFile } from 'node:fs/promises'
import type { FormgateClient } from '../client.ts'
import { downloadExport } from '../download.ts'
import type { ExportQuery, ExportStatus } from '../exports.ts'
import type { Arguments, Command } from './arguments.ts'
import { count, type ProgressLine, size } from './progress.ts'

export type Context = {
  client: FormgateClient
  args: Arguments
  progress: ProgressLine
  signal: AbortSignal
  /** Writes a line to the standard output, and waits while its reader is behind. */
  print(line: string): Promise<void>
}

export const runners: Record<Command, (context: Context) => Promise<void>> = {
  export: runExport,
  submissions: listSubmissions,
  changes: listChanges,
  openapi: async ({ client, signal, print }) => print(JSON.stringify(await client.openapi({ signal }), null, 2)),
}

async function runExport({ client, args, progress, signal }: Context): Promise<void> {
  // The server checks names and values, and says what is wrong with them.
  const query = { format: args.format, ...args.set } as ExportQuery
  const { output = '' } = args
  const exportId = args.background ? await madeInBackground({ client, args, progress, signal }, query) : undefined
  const done = await downloadExport(client, {
    output,
    query,
    ...(exportId === undefined ? {} : { exportId }),
    signal,
    onProgress: ({ bytes }) => progress.show(output, { bytes }),
    onResume: (bytes) => progress.say(`The connection was cut; going on after ${size(bytes)}.`),
  })
  progress.end()
  if (args.quiet) return
  const rows = done.rows === null ? '' : `${count(done.rows)} rows, `
  const digest = done.verified ? `SHA-256 verified: ${done.sha256}` : 'not verified: this server tells no digest'
  progress.say(`${output}: ${rows}${size(done.bytes)}, ${digest}`)
}

type Making = Pick<Context, 'client' | 'args' | 'progress' | 'signal'>

async function madeInBackground({ client, progress, signal }: Making, query: ExportQuery): Promise<string> {
  const { exportId } = await client.exports.start(query, { signal })
  const onProgress = (status: ExportStatus) => {
    const known = Object.entries(status).filter(([, value]) => value !== null)
    progress.show(`Export ${status.status}`, Object.fromEntries(known))
  }
  await client.exports.wait(exportId, { signal, onProgress })
  progress.end()
  return exportId
}

async function listSubmissions({ client, args, signal, print }: Context): Promise<void> {
  const query = { ...args.set, ...(args.fields === undefined ? {} : { fields: args.fields }) }
  for await (const row of client.submissions.list({ ...query, signal })) await print(JSON.stringify(row))
}

async function listChanges({ client, args, signal, print }: Context): Promise<void> {
  const { cursorFile } = args
  const after = args.after ?? (cursorFile === undefined ? undefined : await cursorIn(cursorFile))
  const changes = client.changes.follow({
    ...(after === undefined ? {} : { after }),
    ...(args.includeSubmission ? { include: 'submission' as const } : {}),
    follow: args.follow,
    signal,
    onCursor: async (cursor) => {
      if (cursorFile !== undefined) await keepCursor(cursorFile, cursor)
    },
  })
  for await (const change of changes) await print(JSON.stringify(change))
}

async function cursorIn(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error) => {
    if (Object(error).code === 'ENOENT') return ''
    throw error
  })
  return text.trim() || undefined
}

/** Beside and renamed: half a cursor would be none. */
async function keepCursor(file: string, cursor: string): Promise<void> {
  await writeFile(`${file}.new`, `${cursor}\n`)
  await rename(`${file}.new`, file)
}
