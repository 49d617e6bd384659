import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import pg from 'pg'
import { serialize } from 'pg-protocol'
import type { RecordedStatement } from './record.ts'
import { expecting, isWholeReply } from './replies.ts'
import { percentilesOf } from './rounds.ts'

/** Sends the same bytes on each connection over and over, the next when the reply to the last is whole. */
export type HttpLoad = { kind: 'http'; ports: number[]; request: string; status: number; neverSleeps?: boolean }
/** The same with prepared statements, straight to the database and in one trip. */
export type DatabaseLoad = { kind: 'database'; url: string; statements: RecordedStatement[] }
export type Load = (HttpLoad | DatabaseLoad) & { connections: number; seconds: number }

export type Measured = { perSecond: number; p50Ms: number; p99Ms: number; bytesPerReply: number; cpuMs: number }
export type LoadAnswer = { measured: Measured } | { failure: string }

/** A connection, what is sent on it, and what tells that a reply is whole. @throws when it is not the reply expected */
type Line = { socket: Socket; request: Buffer; isWhole(chunk: Buffer): boolean }

/** A process of its own, so that its work disturbs no other; it speaks with its parent by IPC. */
process.on('message', async (load: Load) => {
  const answer: LoadAnswer = await measure(load).then(
    (measured) => ({ measured }),
    (error: unknown) => ({ failure: String(error) }),
  )
  process.send?.(answer)
})

async function measure(load: Load): Promise<Measured> {
  const opening = Array.from({ length: load.connections }, (_, place) =>
    load.kind === 'http' ? httpLine(load, place) : databaseLine(load),
  )
  const lines = await Promise.all(opening)
  const latencies: number[] = []
  const cpu = process.cpuUsage()
  const stopSpinning = load.kind === 'http' && load.neverSleeps ? spin() : () => undefined
  const started = performance.now()
  const bytes = await Promise.all(lines.map((line) => repeat(line, started + load.seconds * 1000, latencies)))
  const elapsedMs = performance.now() - started
  stopSpinning()
  const { user, system } = process.cpuUsage(cpu)
  for (const { socket } of lines) socket.destroy()
  return {
    perSecond: (latencies.length / elapsedMs) * 1000,
    ...percentilesOf(latencies),
    bytesPerReply: bytes.reduce((sum, each) => sum + each, 0) / latencies.length,
    cpuMs: (user + system) / 1000,
  }
}

/**
 * Keeps this process awake. To wake a sleeping process costs whoever sends to it more than the rest of a short reply, and on
 * one machine a server that is slower than its client pays that with each reply, while a faster one never does.
 */
function spin(): () => void {
  let spinning = true
  const turn = () => void (spinning && setImmediate(turn))
  turn()
  return () => {
    spinning = false
  }
}

/** Until the deadline; the last reply is waited for. @returns the bytes that came */
function repeat({ socket, request, isWhole }: Line, deadline: number, latencies: number[]): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  let bytes = 0
  let sentAt = performance.now()
  socket.on('data', (chunk) => {
    bytes += chunk.length
    try {
      if (!isWhole(chunk)) return
    } catch (error) {
      return reject(error)
    }
    const now = performance.now()
    latencies.push(now - sentAt)
    if (now >= deadline) return resolve(bytes)
    sentAt = now
    socket.write(request)
  })
  socket.on('close', () => reject(new Error('The connection was closed.')))
  socket.write(request)
  return promise
}

/** Connections go to the ports in turn. */
async function httpLine({ ports, request, status }: HttpLoad, place: number): Promise<Line> {
  const socket = connect(ports[place % ports.length] ?? 0, '127.0.0.1')
  socket.setNoDelay(true)
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  return { socket, request: Buffer.from(request), isWhole: isWholeReply(expecting(status)) }
}

/** pg signs in and prepares; after that the bytes of one execution are always the same, and nothing is decoded. */
async function databaseLine({ url, statements }: DatabaseLoad): Promise<Line> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const [place, { text, values }] of statements.entries()) {
    await client.query({ name: `measured${place}`, text, values })
  }
  // pg has no way to send bytes of one's own, and its types do not show the connection.
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
  stream.removeAllListeners()
  stream.on('error', () => undefined)
  const executions = statements.flatMap(({ values }, place) => [
    serialize.bind({ statement: `measured${place}`, values, valueMapper: asSent }),
    serialize.execute({}),
  ])
  return { socket: stream, request: Buffer.concat([...executions, serialize.sync()]), isWhole: endsReadyForQuery }
}

/** Our statements that read take nothing else. */
function asSent(value: unknown): string | Buffer | null {
  if (value === null || Buffer.isBuffer(value)) return value
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value)
  throw new Error('A value of this type cannot be sent yet.')
}

/** ReadyForQuery, outside a transaction: the last message of each execution (PostgreSQL's protocol 3.0). */
const readyForQuery = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])

function endsReadyForQuery(chunk: Buffer): boolean {
  return chunk.length >= readyForQuery.length && chunk.subarray(-readyForQuery.length).equals(readyForQuery)
}
