import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'

it.each(['xlsx', 'parquet'])(
  'writes far more rows as %s than its memory holds',
  async (format) => {
    const worker = new Worker(new URL('./export-worker.ts', import.meta.url), {
      workerData: { format, rows: 100_000 },
      // The answers alone are 60 MB of JSON; a thread that keeps them dies.
      resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 8 },
    })
    const [bytes] = await once(worker, 'message')
    expect(bytes).toBeGreaterThan(1_000_000)
  },
  120_000,
)
