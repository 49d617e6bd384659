import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cookieOf, goodPassword, openPeopleApp, owner, type PeopleApp } from './people-app.ts'
import { openSmtpServer, type SmtpServer } from './smtp-server.ts'

const day = 24 * 60 * 60 * 1000
let mailServer: SmtpServer
let people: PeopleApp
let ownerCookie: string
let managerCookie: string
let strangerCookie: string

beforeAll(async () => {
  mailServer = await openSmtpServer()
  people = await openPeopleApp({ smtpUrl: mailServer.url, publicUrl: new URL('http://forms.example.org') })
  await people.firstAccount.makeAdmin(owner)
  const managerId = await people.addPerson('Mia Manager', 'mia@example.org')
  await people.addPerson('Sam Stranger', 'sam@example.org')
  await people.addForm(managerId, 'team_manager')
  ownerCookie = await people.signIn(owner.email)
  managerCookie = await people.signIn('mia@example.org')
  strangerCookie = await people.signIn('sam@example.org')
})
afterAll(async () => {
  await people.close()
})

let guests = 0
const freshEmail = () => `guest${++guests}@example.org`

function invite(email: string, cookie = ownerCookie) {
  return people.app.inject({
    method: 'POST',
    url: '/app/api/v1/invitations',
    payload: { email },
    headers: cookie ? { cookie } : {},
  })
}

async function invited(
  email = freshEmail(),
  cookie = ownerCookie,
): Promise<{ id: string; token: string; email: string }> {
  const { id, link } = (await invite(email, cookie)).json()
  return { id, email, token: new URLSearchParams(new URL(link).hash.slice(1)).get('token') ?? '' }
}

function accept(token: string, person = { name: 'Gus Guest', password: goodPassword }) {
  return people.app.inject({ method: 'POST', url: '/app/api/v1/invitations/accept', payload: { token, ...person } })
}

function list(cookie: string) {
  return people.app.inject({ url: '/app/api/v1/invitations', headers: { cookie } })
}

function withdraw(id: string, cookie = ownerCookie) {
  return people.app.inject({ method: 'DELETE', url: `/app/api/v1/invitations/${id}`, headers: { cookie } })
}

describe('inviting', () => {
  it('gives the link, with the token where no server sees it, and a week to use it', async () => {
    const reply = await invite('Guest@Example.org')
    expect(reply.statusCode).toBe(201)
    const made = reply.json()
    expect(made).toMatchObject({ email: 'guest@example.org', state: 'open', invitedBy: owner.email, mailed: true })
    expect(made.link).toMatch(/^http:\/\/forms\.example\.org\/app\/accept-invitation#token=[\w-]{43}$/)
    expect(Date.parse(made.expiresAt) - Date.parse(made.createdAt)).toBe(7 * day)
  })

  it('mails the link', async () => {
    const { token, email } = await invited()
    expect(mailServer.heard()).toContain(`RCPT TO:<${email}>`)
    // Long lines are folded on their way (RFC 2045 §6.7).
    expect(mailServer.heard().replaceAll('=\r\n', '')).toContain(token)
  })

  it('gives a link to this server, whatever Host the request claims', async () => {
    const headers = { cookie: ownerCookie, host: 'evil.example.com' }
    const payload = { email: freshEmail() }
    const reply = await people.app.inject({ method: 'POST', url: '/app/api/v1/invitations', payload, headers })
    expect(reply.json().link).toMatch(/^http:\/\/forms\.example\.org\//)
  })

  it('is for whoever manages the team of a form', async () => {
    expect((await invite(freshEmail(), managerCookie)).statusCode).toBe(201)
  })

  it('is not for everybody else', async () => {
    expect((await invite(freshEmail(), strangerCookie)).statusCode).toBe(403)
  })

  it('is not for those who are not signed in', async () => {
    expect((await invite(freshEmail(), '')).statusCode).toBe(401)
  })

  it('is refused for somebody who has an account', async () => {
    const reply = await invite('SAM@example.org')
    expect([reply.statusCode, reply.json().code]).toEqual([409, 'conflict'])
  })

  it.each(['no address', 'a\u0000@example.org', 'a@localhost', `${'a'.repeat(260)}@example.org`])(
    'is refused for what is no address: %j',
    async (email) => {
      expect((await invite(email)).statusCode).toBe(422)
    },
  )

  it('keeps no token in the database', async () => {
    const { token, id } = await invited()
    const row = await people.database.db.selectFrom('invitation').selectAll().where('id', '=', id).executeTakeFirst()
    expect(JSON.stringify(row)).not.toContain(token)
    expect(row?.token_hash.toString('base64url')).not.toBe(token)
  })
})

describe('accepting', () => {
  it('makes the account that the invitation is for, without rights of its own, and signs it in', async () => {
    const { token, email } = await invited()
    const reply = await accept(token)
    expect(reply.statusCode).toBe(201)
    expect(reply.json().user).toMatchObject({ email, name: 'Gus Guest', serverOwner: false })
    const session = await people.app.inject({ url: '/app/api/auth/get-session', headers: { cookie: cookieOf(reply) } })
    expect(session.json().user).toMatchObject({ email })
  })

  it('works once', async () => {
    const { token } = await invited()
    await accept(token)
    const again = await accept(token)
    expect([again.statusCode, again.json().code]).toEqual([403, 'dead_link'])
  })

  it('makes one account of 20 concurrent tries', async () => {
    const { token, email } = await invited()
    const replies = await Promise.all(Array.from({ length: 20 }, () => accept(token)))
    expect(replies.filter((reply) => reply.statusCode === 201)).toHaveLength(1)
    const rows = await people.database.db.selectFrom('app_user').select('id').where('email', '=', email).execute()
    expect(rows).toHaveLength(1)
  })

  it('is refused after a week', async () => {
    const { token, id } = await invited()
    await people.database.db
      .updateTable('invitation')
      .set({ expires_at: new Date(0) })
      .where('id', '=', id)
      .execute()
    expect((await accept(token)).statusCode).toBe(403)
  })

  it('is refused when the invitation was withdrawn', async () => {
    const { token, id } = await invited()
    expect((await withdraw(id)).statusCode).toBe(204)
    expect((await accept(token)).statusCode).toBe(403)
  })

  it('is refused when the address got an account meanwhile', async () => {
    const email = freshEmail()
    const [first, second] = [await invited(email), await invited(email)]
    await accept(first.token)
    expect((await accept(second.token)).statusCode).toBe(409)
  })

  it('takes the address from the invitation, whatever the body says', async () => {
    const { token, email } = await invited()
    const person = { name: 'Eve', password: goodPassword, email: 'eve@example.org', serverOwner: true }
    expect((await accept(token, person)).json().user).toMatchObject({ email, serverOwner: false })
  })

  it('leaves the link alive when the password is too short', async () => {
    const { token } = await invited()
    expect((await accept(token, { name: 'Gus', password: 'short' })).statusCode).toBe(422)
    expect((await accept(token)).statusCode).toBe(201)
  })
})

describe('the list', () => {
  it('shows everybody’s invitations to the owner of the server, without links', async () => {
    const { id } = await invited(freshEmail(), managerCookie)
    const listed = (await list(ownerCookie)).json()
    const found = listed.find((each: { id: string }) => each.id === id)
    expect(found).toMatchObject({ state: 'open', invitedBy: 'mia@example.org' })
    expect(found).not.toHaveProperty('link')
  })

  it('shows one’s own invitations to others', async () => {
    const { id } = await invited()
    const listed = (await list(managerCookie)).json()
    expect(listed.map((each: { id: string }) => each.id)).not.toContain(id)
  })

  it('tells what has become of each', async () => {
    const [accepted, withdrawn] = [await invited(), await invited()]
    await accept(accepted.token)
    await withdraw(withdrawn.id)
    const listed: { id: string; state: string }[] = (await list(ownerCookie)).json()
    expect(listed.find((each) => each.id === accepted.id)?.state).toBe('accepted')
    expect(listed.find((each) => each.id === withdrawn.id)?.state).toBe('withdrawn')
  })
})

describe('withdrawing', () => {
  it('twice is the same as once', async () => {
    const { id } = await invited()
    await withdraw(id)
    expect((await withdraw(id)).statusCode).toBe(204)
  })

  it('an accepted invitation is refused', async () => {
    const { id, token } = await invited()
    await accept(token)
    expect((await withdraw(id)).statusCode).toBe(409)
  })

  it('another person’s invitation finds none', async () => {
    const { id } = await invited()
    expect((await withdraw(id, managerCookie)).statusCode).toBe(404)
  })

  it('something that is no id is refused', async () => {
    expect((await withdraw('1')).statusCode).toBe(400)
  })
})

// The last two spoil what the others need.
it('refuses an address that tried 50 wrong tokens', async () => {
  for (let n = 0; n < 50; n++) await accept(`wrong${n}`)
  expect((await accept((await invited()).token)).statusCode).toBe(429)
})

it('keeps the invitation when the mail server does not answer, and says so', async () => {
  await mailServer.close()
  const reply = await invite(freshEmail())
  expect([reply.statusCode, reply.json().mailed]).toEqual([201, false])
})
