import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { apiKey, formId } from './fake-server.ts'

export type Run = { code: number | null; stdout: string; stderr: string }
export type RunOptions = {
  env?: Record<string, string>
  stdin?: string
  cwd?: string
  /** Called with what there is of the standard error so far, and the process. */
  onStderr?(text: string, child: ChildProcess): void
  node?: string
  bin?: string
}

const ownBin = fileURLToPath(new URL('../bin/formgate-client.mjs', import.meta.url))

/** Runs the command as a shell would, with a key in its environment unless told otherwise. */
export async function cli(args: string[], options: RunOptions = {}): Promise<Run> {
  const { env = { FORMGATE_API_KEY: apiKey }, node = process.execPath, bin = ownBin } = options
  const child = spawn(node, [bin, ...args], { env: { PATH: process.env.PATH, ...env }, cwd: options.cwd })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    options.onStderr?.(stderr, child)
  })
  child.stdin.end(options.stdin ?? '')
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stdout, stderr }
}

export const at = (url: string): string[] => ['--url', url, '--form', formId]
