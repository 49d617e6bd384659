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

/** Processor time that a process has used so far, in milliseconds; the kernel counts in steps of ten (Linux, else 0). */
export function cpuMsOf(pid: number | undefined): number {
  if (process.platform !== 'linux') return 0
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  // proc(5): utime and stime are the 14th and 15th; the name, which may hold spaces, and the number before it are cut off.
  return (Number(fields[11]) + Number(fields[12])) * 10
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
