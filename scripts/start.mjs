import { buildWeb } from './build-web.mjs'
import { prepare, run } from './prepare.mjs'

const node = await prepare()
await buildWeb(node)
process.exitCode = await run(node, ['server/src/main.ts', ...process.argv.slice(2)])
