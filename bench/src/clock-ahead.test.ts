import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { clockAhead } from './containers.ts'

it('sets a process’s clock ahead, and leaves named times as they are', () => {
  const before = Date.now()
  const script = 'console.log(JSON.stringify([Date.now(), +new Date(), +new Date(2000, 0, 1), +new Date(7)]))'
  const env = { PATH: process.env.PATH, ...clockAhead(5000) }
  const [now, made, ...named] = JSON.parse(execFileSync(process.execPath, ['-e', script], { env, encoding: 'utf8' }))
  const after = Date.now()
  for (const shown of [now, made]) {
    expect(shown).toBeGreaterThanOrEqual(before + 5000)
    expect(shown).toBeLessThanOrEqual(after + 5000)
  }
  expect(named).toEqual([+new Date(2000, 0, 1), 7])
})
