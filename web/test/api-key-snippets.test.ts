import { execFile } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainForm } from '../../server/test/definitions.ts'
import { type Api, ok, openApi, type TestForm } from '../../server/test/harness.ts'
import { exampleAnswers } from '../src/pages/settings/example-answers.ts'
import { type Call, type Language, type Place, snippet } from '../src/pages/settings/snippets.ts'

const run = promisify(execFile)
let api: Api
let form: TestForm
let origin: string
let folder: string

beforeAll(async () => {
  api = await openApi()
  await api.app.listen({ port: 0, host: '127.0.0.1' })
  origin = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}` // a TCP server's address is no string
  form = await api.addForm()
  await api.submit(form)
  folder = await mkdtemp(join(tmpdir(), 'formgate-snippets-'))
})
afterAll(() => api.close())

/** Saves the program as the page shows it and runs it, with the key where the program looks for it. */
async function runProgram(language: Language, call: Call, secret: string | undefined): Promise<string> {
  const place: Place = {
    origin,
    formId: form.formId,
    versionId: form.versionId,
    answers: exampleAnswers(plainForm),
    secret,
  }
  const code = snippet(language, call, place) ?? ''
  const [command, file] = runners[language] ?? ['false', 'none']
  await writeFile(join(folder, file), code)
  const env = { ...process.env, ...(secret ? { API_KEY: '' } : { API_KEY: form.secret }) }
  const { stdout } = await run(command, [file], { cwd: folder, env })
  return stdout
}
const runners: Partial<Record<Language, [command: string, file: string]>> = {
  curl: ['sh', 'program.sh'],
  javascript: [process.execPath, 'program.mjs'],
  python: ['python3', 'program.py'],
  r: ['Rscript', 'program.R'],
}

async function isMissing(command: string) {
  return run(command, ['--version']).then(
    () => false,
    () => true,
  )
}
const missing = {
  curl: await isMissing('curl'),
  javascript: false,
  python: await isMissing('python3'),
  r: await run('Rscript', ['-e', 'library(httr2); library(jsonlite)']).then(
    () => false,
    () => true,
  ),
}
const isCI = process.env.CI === 'true'

describe.each(['curl', 'javascript', 'python', 'r'] as const)('the programs in %s', (language) => {
  describe.skipIf(missing[language] && !isCI)('run as they stand', () => {
    it('list the newest submissions, with the key from the environment', async () => {
      expect(await runProgram(language, 'list', undefined)).toMatch(/confirmationId|[0-9A-F]{8}/)
    })

    it('export them as CSV, with the key in the program', async () => {
      await runProgram(language, 'export', form.secret)
      expect(await readFile(join(folder, 'submissions.csv'), 'utf8')).toContain('ada@example.org')
    })

    it('send a submission that the form takes', async () => {
      const printed = await runProgram(language, 'submit', undefined)
      const path = `/forms/${form.formId}/submissions`
      const [newest] = ok(await api.call('GET', path, { as: form.key }))
      expect(printed).toContain(newest.confirmationId)
    })
  })
})
