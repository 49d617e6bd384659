import pg from 'pg'

export type RecordedStatement = { name?: string; text: string; values: unknown[] }

type QueryConfig = { name?: string; text: string; values?: unknown[] }

/** Runs something and returns the statements that it sent to PostgreSQL, with the names they were prepared under. */
export async function recordStatements(act: () => Promise<unknown>): Promise<RecordedStatement[]> {
  const recorded: RecordedStatement[] = []
  const original = pg.Client.prototype.query
  pg.Client.prototype.query = function record(this: pg.Client, ...parameters: unknown[]) {
    const [config] = parameters
    if (isConfig(config))
      recorded.push({ ...(config.name ? { name: config.name } : {}), text: config.text, values: config.values ?? [] })
    // pg's query has many overloads; all of them are passed on as they came.
    return Reflect.apply(original, this, parameters)
  } as typeof original
  try {
    await act()
    return recorded
  } finally {
    pg.Client.prototype.query = original
  }
}

function isConfig(value: unknown): value is QueryConfig {
  return typeof value === 'object' && value !== null && 'text' in value
}
