import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const fastShutdownMs = 30_000

/**
 * Stop the database that a killed server left running. Nobody can be using it: whoever calls this holds the folder's lock.
 * All that was acknowledged is on disk, and a clean stop makes the next start quick.
 */
export async function stopOrphan(cluster: string, log: (message: string) => void): Promise<void> {
  const pid = await lastPid(cluster)
  if (pid === undefined || !isAlive(pid)) return
  if (await isPostmasterOf(pid, cluster)) {
    log(`The last server was killed and left its database running (process ${pid}); stopping it first.`)
    await stopPostmaster(cluster, pid)
  } else {
    // The id belongs to another program by now. PostgreSQL would take it for a running server and refuse to start.
    await rm(pidFileOf(cluster), { force: true })
  }
}

/** PostgreSQL's fast shutdown: cut the sessions, write everything out, end. Waits until it has. */
export async function stopPostmaster(cluster: string, pid: number): Promise<void> {
  process.kill(pid, 'SIGINT')
  if (await hasEnded(cluster, pid, fastShutdownMs)) return
  // Immediate shutdown: nothing acknowledged is lost, the next start recovers it from the write-ahead log.
  process.kill(pid, 'SIGQUIT')
  await hasEnded(cluster, pid, Number.POSITIVE_INFINITY)
}

/** PostgreSQL removes its pid file last; looking at that too, since a dead child that nobody awaits still counts as alive. */
async function hasEnded(cluster: string, pid: number, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs
  while (isAlive(pid) && (await lastPid(cluster)) === pid) {
    if (Date.now() > deadline) return false
    await sleep(20)
  }
  return true
}

async function lastPid(cluster: string): Promise<number | undefined> {
  const text = await readFile(pidFileOf(cluster), 'utf8').catch(() => '')
  const pid = Number(text.split('\n')[0])
  return pid > 0 ? pid : undefined
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Only Linux can be asked in a portable way whose a process id is; elsewhere we trust the pid file. */
async function isPostmasterOf(pid: number, cluster: string): Promise<boolean> {
  if ((await stat('/proc/self/cmdline').catch(() => undefined)) === undefined) return true
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return commandLine.split('\0').includes(cluster)
}

function pidFileOf(cluster: string): string {
  return join(cluster, 'postmaster.pid')
}
