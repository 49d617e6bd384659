import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { problemCodes } from '../../server/src/openapi/problem-codes.ts'

it('has words for each way in which the API refuses something', () => {
  const texts = JSON.parse(readFileSync(join(import.meta.dirname, 'languages/en/problems.json'), 'utf8'))
  expect(problemCodes.map(({ code }) => code).filter((code) => !(code in texts))).toEqual([])
})
