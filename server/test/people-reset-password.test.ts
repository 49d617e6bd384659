import { execFile } from 'node:child_process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makePassword } from '../src/people/new-password.ts'
import { goodPassword, openPeopleApp, owner, type PeopleApp } from './people-app.ts'

let people: PeopleApp
beforeAll(async () => {
  people = await openPeopleApp()
  await people.firstAccount.makeAdmin(owner)
})
afterAll(() => people.close())

const program = new URL('../src/people/reset-password.ts', import.meta.url).pathname

/** Runs the command as an operator does, on the database of these tests. */
function reset(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const env = { PATH: process.env.PATH, DATABASE_URL: people.databaseUrl, SECRET_KEY: 'x'.repeat(32) }
  return new Promise((done) => {
    execFile(process.execPath, [program, ...args], { env }, (error, out, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, out, error: stderr })
    })
  })
}

async function user(cookie: string): Promise<unknown> {
  return (await people.app.inject({ url: '/app/api/auth/get-session', headers: { cookie } })).json().user
}

it('gives a new password, ends the sessions and lets the old password in no more', async () => {
  const cookie = await people.signIn(owner.email)
  const { code, out } = await reset('ADA@example.org')
  const password = / is: (\S+)/.exec(out)?.[1] ?? ''
  expect(code).toBe(0)
  expect(await user(cookie)).toBeNull()
  expect(await people.signIn(owner.email, goodPassword)).toBe('')
  expect(await user(await people.signIn(owner.email, password))).toMatchObject({ email: owner.email })
})

it('says that nobody has this address', async () => {
  const { code, error } = await reset('nobody@example.org')
  expect([code, error]).toEqual([1, 'Nobody has an account with the e-mail address nobody@example.org.\n'])
})

it.each([[[]], [['ada']], [['a@example.org', 'b@example.org']]])('says how it is used: %j', async (args) => {
  const { code, error } = await reset(...args)
  expect([code, error]).toEqual([1, 'Usage: npm run reset-password -- E-MAIL\n'])
})

it('makes passwords of 100 bits without signs that are taken for others', () => {
  const bytes = Buffer.from(Array.from({ length: 20 }, (_, index) => index * 13))
  expect(makePassword(() => bytes)).toMatch(/^(?:[0-9a-hjkmnp-tv-z]{5}-){3}[0-9a-hjkmnp-tv-z]{5}$/)
})
