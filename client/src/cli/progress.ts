/** How far a download or an export is; what is not known is undefined. */
export type Progress = {
  bytes?: number | undefined
  rows?: number | undefined
  totalRows?: number | undefined
  percent?: number | undefined
  etaSeconds?: number | undefined
}

export type ProgressLine = {
  show(label: string, progress: Progress): void
  /** A line of its own, which stays. */
  say(text: string): void
  /** Ends the line that moves. */
  end(): void
}

type Stream = { isTTY?: boolean | undefined; columns?: number | undefined; write(text: string): unknown }

/** A terminal's line is written again each time; a log gets a line now and then. */
const linesEveryMs = 10_000
const barWidth = 24

/** Progress on a stream, the standard error by custom. @param quiet shows nothing but what `say` says */
export function progressOn(stream: Stream, quiet: boolean, now: () => number = Date.now): ProgressLine {
  const startedAt = now()
  let lineAt = now()
  let open = false

  function end(): void {
    if (open) stream.write('\n')
    open = false
  }

  return {
    end,
    say(text) {
      end()
      stream.write(`${text}\n`)
    },
    show(label, progress) {
      if (quiet) return
      const text = describe(label, progress, (now() - startedAt) / 1000)
      if (stream.isTTY) {
        stream.write(`\r\u001b[K${text.slice(0, Math.max(20, (stream.columns ?? 80) - 1))}`)
        open = true
      } else if (now() - lineAt >= linesEveryMs) {
        stream.write(`${text}\n`)
        lineAt = now()
      }
    },
  }
}

/** One line: a bar where the end is known, then rows, bytes, speed and what time is left. */
export function describe(label: string, progress: Progress, seconds: number): string {
  const { bytes, rows, totalRows, percent, etaSeconds } = progress
  const parts = [
    ...(percent === undefined ? [] : [`${bar(percent)} ${Math.floor(percent)} %`]),
    ...(rows === undefined ? [] : [`${count(rows)}${totalRows === undefined ? '' : ` of ${count(totalRows)}`} rows`]),
    ...(bytes === undefined ? [] : [size(bytes)]),
    ...(bytes !== undefined && seconds >= 1 ? [`${size(bytes / seconds)}/s`] : []),
    ...(etaSeconds === undefined ? [] : [`${duration(etaSeconds)} left`]),
  ]
  return [label, ...parts].join('  ')
}

function bar(percent: number): string {
  const full = Math.round((Math.min(100, Math.max(0, percent)) / 100) * barWidth)
  return `[${'#'.repeat(full)}${'-'.repeat(barWidth - full)}]`
}

export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

export function count(number: number): string {
  return number.toLocaleString('en-US')
}

function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}
