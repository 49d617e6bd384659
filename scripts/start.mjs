import { prepare, run } from './prepare.mjs'

process.exitCode = await run(await prepare(), ['server/src/main.ts', ...process.argv.slice(2)])
