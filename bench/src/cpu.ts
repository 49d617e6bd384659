const rounds = 5

/**
 * The processor time of this process that one run of something takes, in microseconds; the least of several rounds, for
 * noise only ever adds.
 */
export async function leastCpu(runs: number, act: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage()
    for (let run = 0; run < runs; run++) {
      const acting = act()
      // Waiting for what is there already would cost more than what is measured.
      if (acting instanceof Promise) await acting
    }
    const { user, system } = process.cpuUsage(before)
    least = Math.min(least, (user + system) / runs)
  }
  return least
}
