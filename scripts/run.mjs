// node scripts/run.mjs FILE [arguments …]: run one of our programs on the Node that the lockfile pins.
import { giveUp, prepare, run } from './prepare.mjs'

if (process.argv.length < 3) giveUp('Usage: node scripts/run.mjs FILE [arguments …]')
process.exitCode = await run(await prepare(), process.argv.slice(2))
