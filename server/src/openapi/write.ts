import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { generateDocument } from './generate.ts'

/** `npm run openapi`: writes the API's document to `openapi.json` in the repository's root. */
const path = fileURLToPath(new URL('../../../openapi.json', import.meta.url))
await writeFile(path, await generateDocument())
console.log(`Wrote ${path}`)
