import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { goodPassword, openPeopleApp, owner, type PeopleApp } from './people-app.ts'

const email = 'grace@example.org'
let people: PeopleApp
let graceId: string
beforeAll(async () => {
  people = await openPeopleApp()
  await people.firstAccount.makeAdmin(owner)
  graceId = await people.addPerson('Grace Brewster Hopper', email)
})
afterAll(() => people.close())

function call(method: 'GET' | 'POST' | 'PUT', url: string, cookie: string, payload?: object) {
  const headers = cookie ? { cookie } : {}
  return people.app.inject({ method, url: `/app/api${url}`, headers, ...(payload ? { payload } : {}) })
}

async function user(cookie: string) {
  return (await call('GET', '/auth/get-session', cookie)).json().user
}

describe('the list of people', () => {
  const list = async (cookie: string, query = '') => call('GET', `/v1/admin/users${query}`, cookie)

  it('shows everybody to the owner of the server', async () => {
    const reply = await list(await people.signIn(owner.email))
    expect(reply.statusCode).toBe(200)
    expect(reply.json().map((each: { email: string }) => each.email)).toEqual([owner.email, email])
    expect(reply.json()[1]).toEqual({
      id: graceId,
      idpUserId: graceId,
      username: email,
      firstName: 'Grace Brewster',
      fullName: 'Grace Brewster Hopper',
      lastName: 'Hopper',
      email,
      serverOwner: false,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    })
  })

  it('finds people by a part of the name or the address, and takes wildcards as they are', async () => {
    const cookie = await people.signIn(owner.email)
    for (const [search, found] of [
      ['HOPPER', 1],
      ['ada@', 1],
      ['example.org', 2],
      ['%', 0],
    ] as const) {
      expect((await list(cookie, `?search=${encodeURIComponent(search)}`)).json(), search).toHaveLength(found)
    }
  })

  it('is complete beyond one batch', async () => {
    const { pool } = people.database
    await pool.query(`insert into app_user (id, name, email, created_at)
      select gen_random_uuid(), 'Many', 'many' || n || '@example.org', '2020-01-01' from generate_series(1, 1001) n`)
    const listed: { id: string }[] = (await list(await people.signIn(owner.email))).json()
    await pool.query("delete from app_user where name = 'Many'")
    expect(new Set(listed.map(({ id }) => id)).size).toBe(1003)
  })

  it('is for nobody else', async () => {
    expect((await list(await people.signIn(email))).statusCode).toBe(403)
    expect((await list('')).statusCode).toBe(401)
  })
})

describe('one’s own name', () => {
  const rename = (cookie: string, payload: object) => call('PUT', '/v1/users/me', cookie, payload)

  it('can be changed, and nothing else with it', async () => {
    const cookie = await people.signIn(email)
    const reply = await rename(cookie, { name: ' Grace Hopper ', id: 'x', email: 'x@example.org', serverOwner: true })
    const renamed = { id: graceId, name: 'Grace Hopper', email, serverOwner: false }
    expect([reply.statusCode, reply.json()]).toEqual([200, renamed])
    expect(await user(cookie)).toEqual(renamed)
  })

  it.each([[{}], [{ name: '' }], [{ name: '  ' }], [{ name: 'a\nb' }], [{ name: 'x'.repeat(201) }], [{ name: 1 }]])(
    'is not changed to nonsense: %j',
    async (body) => {
      expect((await rename(await people.signIn(email), body)).statusCode).toBe(422)
    },
  )

  it('needs a session', async () => {
    expect((await rename('', { name: 'Eve' })).statusCode).toBe(401)
  })
})

describe('signing out everywhere', () => {
  it('ends all sessions of this person, and nobody else’s', async () => {
    const [here, there, other] = [
      await people.signIn(email),
      await people.signIn(email),
      await people.signIn(owner.email),
    ]
    const reply = await call('POST', '/auth/sign-out-everywhere', here, {})
    expect(reply.statusCode).toBe(200)
    expect(reply.cookies.find(({ name }) => name === 'formgate.session_token')).toMatchObject({ value: '', maxAge: 0 })
    expect([await user(here), await user(there)]).toEqual([null, null])
    expect(await user(other)).toMatchObject({ email: owner.email })
  })

  it('needs a session', async () => {
    expect((await call('POST', '/auth/sign-out-everywhere', '', {})).statusCode).toBe(401)
  })
})

it('has no password to change where somebody comes by the provider alone', async () => {
  const cookie = await people.signIn(email)
  await people.database.db
    .updateTable('auth_account')
    .set({ provider_id: 'oidc:https://id.example.org', password: null })
    .where('user_id', '=', graceId)
    .execute()
  const passwords = { currentPassword: goodPassword, newPassword: 'another good password' }
  const reply = await call('POST', '/auth/change-password', cookie, passwords)
  expect([reply.statusCode, reply.json().code]).toEqual([409, 'conflict'])
  expect((await call('GET', '/auth/get-session', cookie)).json()).toMatchObject({ hasPassword: false })
})
