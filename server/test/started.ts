import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** Formgate as a person starts it: a process group of its own with npm, the launcher and the server in it. */
export type Started = {
  launcher: ChildProcess
  output: () => string
  /** Wait for a line of the output, and give its match. */
  line: (pattern: RegExp) => Promise<RegExpExecArray>
  /** Send a signal to the whole group, as a terminal's Ctrl-C does. */
  signalAll: (signal: NodeJS.Signals) => void
  /** The exit code, once everything has ended. */
  exitCode: () => Promise<number | null>
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const waitMs = 60_000
const running = new Set<Started>()

/** Start Formgate on a free port with nothing in its environment but what is given. */
export function start(env: Record<string, string>, command = [process.execPath, 'scripts/start.mjs']): Started {
  const [program = '', ...args] = command
  const launcher = spawn(program, args, {
    cwd: root,
    detached: true,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', LOG_LEVEL: 'warn', ...env },
  })
  let text = ''
  for (const stream of [launcher.stdout, launcher.stderr]) stream.on('data', (piece) => (text += piece))
  const ended = once(launcher, 'close')
  const started: Started = {
    launcher,
    output: () => text,
    line: (pattern) =>
      lineOf(
        () => text,
        pattern,
        () => launcher.exitCode,
      ),
    signalAll: (signal) => process.kill(-(launcher.pid ?? 0), signal),
    exitCode: async () => {
      await ended
      running.delete(started)
      return launcher.exitCode
    },
  }
  running.add(started)
  return started
}

/** End what a failed test left running. */
export async function endAll(): Promise<void> {
  for (const started of running) {
    if (started.launcher.exitCode === null) started.signalAll('SIGTERM')
    await started.exitCode()
  }
}

/** Start Formgate and wait until it serves; gives the address it serves at. */
export async function startServing(env: Record<string, string>, command?: string[]): Promise<Started & { url: URL }> {
  const started = start(env, command)
  const [, address = ''] = await started.line(/^Formgate is ready: (\S+)$/m)
  const url = new URL(address)
  url.hostname = '127.0.0.1'
  return { ...started, url }
}

async function lineOf(output: () => string, pattern: RegExp, exitCode: () => number | null): Promise<RegExpExecArray> {
  const deadline = Date.now() + waitMs
  for (;;) {
    const found = pattern.exec(output())
    if (found) return found
    if (exitCode() !== null || Date.now() > deadline) throw new Error(`No line like ${pattern} in:\n${output()}`)
    await sleep(20)
  }
}

/** A POST that has begun: the server has its head and a part of its body. */
export type HalfPost = {
  finish: () => void
  /** All that the server answers until it closes the connection. */
  answer: Promise<string>
}

/** Send the first half of a POST with a JSON body, on a connection that asks to be kept. */
export async function beginPost(url: URL, path: string, body: object): Promise<HalfPost> {
  const text = JSON.stringify(body)
  const socket = connect(Number(url.port), '127.0.0.1')
  await once(socket, 'connect')
  const answer = allOf(socket)
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${url.host}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(text)}`,
    // The server says "100 Continue" once it has the head: then the request is under way for certain.
    'Expect: 100-continue',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${text.slice(0, 10)}`)
  await once(socket, 'data')
  return { finish: () => socket.write(text.slice(10)), answer }
}

async function allOf(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (piece) => (text += piece))
  socket.on('error', () => undefined)
  await once(socket, 'close')
  return text
}
