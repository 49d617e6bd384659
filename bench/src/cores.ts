import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

export const coreCount = availableParallelism()

/** The load generator and the database share the last core, so that the server under test has the first for itself. */
export const serverCore = '0'
export const restCores = coreCount > 2 ? `1-${coreCount - 1}` : '1'
export const allCores = `0-${coreCount - 1}`

/** Whether processes can be bound to cores here: Linux with util-linux, and a second core. */
export const canPin = coreCount > 1 && spawnSync('taskset', ['--version']).status === 0

/** Binds a process with all its threads to cores; what it starts later inherits that. Without taskset nothing happens. */
export function pin(pid: number | undefined, cores: string): void {
  if (canPin && pid !== undefined) spawnSync('taskset', ['-acp', cores, String(pid)], { stdio: 'ignore' })
}

/** Binds a process and its children, such as a PostgreSQL with its backends (Linux); later children inherit it. */
export function pinWithChildren(pid: number | undefined, cores: string): void {
  if (!canPin || pid === undefined) return
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
  for (const each of [String(pid), ...(stdout ?? '').split('\n').filter(Boolean)]) pin(Number(each), cores)
}

/** Processor time that a process has used so far, in milliseconds; the kernel counts in steps of ten (Linux, else 0). */
export function cpuMsOf(pid: number | undefined): number {
  if (process.platform !== 'linux') return 0
  const fields = statOf(pid)
  // utime and stime
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** The process that started another (Linux, else undefined). */
export function parentOf(pid: number): number | undefined {
  return process.platform === 'linux' ? Number(statOf(pid)[1]) : undefined
}

/** The fields of proc(5)'s stat from the third on: the name before them may hold spaces. */
function statOf(pid: number | undefined): string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
}

/** Processor time of the whole machine so far, in milliseconds: other programs' work too. */
export function machineBusyMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0)
}

/** How many cores other programs keep busy: what is measured meanwhile is unsteady, and the more so the more they are. */
export async function coresOfOthers(): Promise<number> {
  const before = machineBusyMs()
  await sleep(1000)
  return (machineBusyMs() - before) / 1000
}
