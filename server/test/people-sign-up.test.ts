import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { cookieOf, goodPassword, openPeopleApp, owner, type PeopleApp } from './people-app.ts'

let people: PeopleApp
beforeAll(async () => {
  people = await openPeopleApp({ signUp: 'open', publicUrl: new URL('https://forms.example.org') })
})
afterAll(() => people.close())
// Each test begins with the owner's account alone.
beforeEach(async () => {
  await people.database.db.deleteFrom('app_user').execute()
  await people.firstAccount.makeAdmin(owner)
})

const grace = { name: 'Grace Guest', email: 'Grace@example.org', password: goodPassword }

function signUp(person: object = grace) {
  return people.app.inject({ method: 'POST', url: '/app/api/auth/sign-up/email', payload: person })
}

it('makes an account without rights of its own, and signs it in', async () => {
  const reply = await signUp({ ...grace, serverOwner: true })
  expect(reply.statusCode).toBe(201)
  expect(reply.json().user).toMatchObject({ email: 'grace@example.org', serverOwner: false })
  const session = await people.app.inject({ url: '/app/api/auth/get-session', headers: { cookie: cookieOf(reply) } })
  expect(session.json().user).toMatchObject({ email: 'grace@example.org' })
})

it('does not make the first account, though it is open', async () => {
  await people.database.db.deleteFrom('app_user').execute()
  const replies = await Promise.all(
    Array.from({ length: 50 }, (_, n) => signUp({ ...grace, email: `g${n}@example.org` })),
  )
  expect(new Set(replies.map((reply) => reply.statusCode))).toEqual(new Set([403]))
})

it('makes one account of 10 concurrent tries with one address', async () => {
  const replies = await Promise.all(Array.from({ length: 10 }, () => signUp()))
  expect(replies.filter((reply) => reply.statusCode === 201)).toHaveLength(1)
  expect(replies.filter((reply) => reply.statusCode === 409)).toHaveLength(9)
})

it('refuses a short password', async () => {
  expect((await signUp({ ...grace, password: '123456789' })).statusCode).toBe(422)
})

it.each(["o'brien+forms@mail.example.co.uk", 'a@b-c.example', '_x-1@example.museum', 'A.B@EXAMPLE.ORG'])(
  'lets sign in with every address that it takes: %s',
  async (email) => {
    expect((await signUp({ ...grace, email })).statusCode).toBe(201)
    expect(await people.signIn(email)).toContain('session_token')
  },
)

it('gives Secure cookies when PUBLIC_URL is https, whatever the proxy says', async () => {
  const reply = await people.app.inject({ method: 'POST', url: '/app/api/auth/sign-in/email', payload: owner })
  expect(reply.cookies[0]).toMatchObject({ name: '__Secure-formgate.session_token', secure: true, httpOnly: true })
})

it('takes no cookie that a page over http could have planted when PUBLIC_URL is https', async () => {
  const cookie = (await people.signIn(owner.email)).replace('__Secure-', '')
  const session = await people.app.inject({ url: '/app/api/auth/get-session', headers: { cookie } })
  expect(session.json()).toMatchObject({ user: null, expiresAt: null })
})
