/** One answered call of a key. */
export type KeyCall = {
  keyId: number
  secretHash: Buffer
  /** The operationId. */
  operation: string
  status: number
  bytesSent: number
  /** Milliseconds since 1970. */
  at: number
  address: string
  client: string | null
}

export type UsageRow = {
  keyId: number
  /** A day of UTC, as `2026-11-26`. */
  day: string
  operation: string
  calls: number
  succeeded: number
  clientErrors: number
  rateLimited: number
  bytesSent: number
}

export type LastUseRow = Pick<KeyCall, 'keyId' | 'secretHash' | 'at' | 'address' | 'client'>

/** What many calls come to. */
export type Usage = { rows: UsageRow[]; lastUses: LastUseRow[] }

const dayMs = 86_400_000
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10)

/** Adds calls up by key, day and operation; a 429 is none of the other client errors. */
export class UsageSum {
  readonly #rows = new Map<string, UsageRow>()
  readonly #lastUses = new Map<string, LastUseRow>()

  add(call: KeyCall): void {
    const row = this.#rowOf(call)
    row.calls += 1
    row.bytesSent += call.bytesSent
    if (call.status === 429) row.rateLimited += 1
    else if (call.status < 400) row.succeeded += 1
    else if (call.status < 500) row.clientErrors += 1
    this.#use(call)
  }

  /** Takes in what could not be stored. */
  addAll({ rows, lastUses }: Usage): void {
    for (const row of rows) this.#addRow(row)
    for (const use of lastUses) this.#use(use)
  }

  get size(): number {
    return this.#rows.size
  }

  /** What was added, in one order for all containers, so that two of them never wait for each other in a circle. */
  usage(): Usage {
    return {
      rows: [...this.#rows.values()].sort(byKeyDayOperation),
      lastUses: [...this.#lastUses.values()].sort((a, b) => a.keyId - b.keyId || a.secretHash.compare(b.secretHash)),
    }
  }

  #rowOf({ keyId, at, operation }: Pick<KeyCall, 'keyId' | 'at' | 'operation'>): UsageRow {
    const name = `${keyId} ${Math.floor(at / dayMs)} ${operation}`
    const known = this.#rows.get(name)
    if (known) return known
    const row = {
      keyId,
      day: dayOf(at),
      operation,
      calls: 0,
      succeeded: 0,
      clientErrors: 0,
      rateLimited: 0,
      bytesSent: 0,
    }
    this.#rows.set(name, row)
    return row
  }

  #addRow(row: UsageRow): void {
    const { keyId, day, operation } = row
    const sum = this.#rowOf({ keyId, operation, at: Date.parse(day) })
    sum.calls += row.calls
    sum.succeeded += row.succeeded
    sum.clientErrors += row.clientErrors
    sum.rateLimited += row.rateLimited
    sum.bytesSent += row.bytesSent
  }

  #use({ keyId, secretHash, at, address, client }: LastUseRow): void {
    const name = `${keyId} ${secretHash.toString('latin1')}`
    const known = this.#lastUses.get(name)
    if (!known || known.at <= at) this.#lastUses.set(name, { keyId, secretHash, at, address, client })
  }
}

function byKeyDayOperation(a: UsageRow, b: UsageRow): number {
  return a.keyId - b.keyId || a.day.localeCompare(b.day) || (a.operation < b.operation ? -1 : 1)
}
