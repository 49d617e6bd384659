import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createFormgateClient } from '../client.ts'
import { FormgateError } from '../formgate-error.ts'
import type { Wait } from '../patient-fetch.ts'
import { type Arguments, readArguments } from './arguments.ts'
import { runners } from './commands.ts'
import { progressOn } from './progress.ts'
import { exitCodes, UsageError, usage } from './usage.ts'

const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort(new Error('interrupted')))
process.once('SIGTERM', () => interrupted.abort(new Error('interrupted')))
// Whoever reads our output may have had enough of it, as `head` has.
process.stdout.on('error', (error) => {
  if (Object(error).code !== 'EPIPE') throw error
  process.exit(exitCodes.done)
})

process.exitCode = await main(process.argv.slice(2)).catch(exitCodeOf)

async function main(args: string[]): Promise<number> {
  const parsed = readArguments(args, process.env)
  if (parsed.kind === 'help') process.stdout.write(usage)
  else if (parsed.kind === 'version') process.stdout.write(`${await ownVersion()}\n`)
  else await run(parsed.arguments)
  return exitCodes.done
}

async function run(args: Arguments): Promise<void> {
  const progress = progressOn(process.stderr, args.quiet)
  const client = createFormgateClient({
    baseUrl: args.baseUrl,
    formId: args.formId,
    apiKey: args.keyStdin ? await keyOnStdin() : keyInEnvironment(),
    onWait: (wait) => args.quiet || progress.say(waitText(wait)),
    signal: interrupted.signal,
  })
  try {
    await runners[args.command]({ client, args, progress, signal: interrupted.signal, print })
  } finally {
    progress.end()
  }
}

function keyInEnvironment(): string {
  const key = process.env.FORMGATE_API_KEY
  if (!key) throw new UsageError('The API key is missing: set FORMGATE_API_KEY, or use --key-stdin.')
  return key
}

async function keyOnStdin(): Promise<string> {
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk
  if (text.trim() === '') throw new UsageError('The API key is missing: the standard input is empty.')
  return text.trim()
}

async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain', { signal: interrupted.signal })
}

function waitText({ reason, waitMs }: Wait): string {
  const why = { 'rate limit': 'The rate limit is reached', unavailable: 'The server is busy', network: 'No connection' }
  return `${why[reason]}; trying again in ${Math.ceil(waitMs / 1000)} s.`
}

/** Says in one line what went wrong. */
function exitCodeOf(error: unknown): number {
  if (interrupted.signal.aborted) {
    if (process.argv.includes('export')) console.error('Interrupted. The same command goes on where it was.')
    return exitCodes.interrupted
  }
  if (error instanceof UsageError) {
    console.error(`formgate-client: ${error.message} See formgate-client --help.`)
    return exitCodes.usage
  }
  console.error(`formgate-client: ${messageOf(error)}`)
  if (!(error instanceof FormgateError)) return exitCodes.failed
  if (error.status === 401 || error.status === 403) return exitCodes.refused
  return error.status === 410 ? exitCodes.cursorExpired : exitCodes.failed
}

function messageOf(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ')
  return error instanceof FormgateError ? `${message} (${error.code})` : message
}

async function ownVersion(): Promise<string> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  return String(Object(JSON.parse(manifest)).version)
}
