#!/usr/bin/env node
// The package brings what `npm run build` made. A clone has the sources, which Node runs as they are from 22.18 on.
import { existsSync } from 'node:fs'

const source = new URL('../src/cli/main.ts', import.meta.url)
const built = new URL('../dist/cli/main.js', import.meta.url)
if (existsSync(source) && process.features.typescript) await import(source.href)
else if (existsSync(built)) await import(built.href)
else {
  console.error('formgate-client is not built: run `npm run build -w formgate-client`, or use Node 24.')
  process.exitCode = 1
}
