import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { goodPassword } from './people-app.ts'
import { openTeamApp, type TeamApp } from './team-app.ts'

let team: TeamApp
beforeAll(async () => {
  team = await openTeamApp()
  await team.give(team.ids.mia ?? '', 'team_manager')
  await team.give(team.ids.bea ?? '', 'submission_reviewer')
})
afterAll(() => team.close())

let guests = 0
const freshEmail = () => `guest${++guests}@example.org`

function send(as: string, method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) {
  const cookie = team.cookies[as]
  const headers = cookie ? { cookie } : {}
  return team.app.inject({ method, url: `/app/api/v1${url}`, headers, ...(payload ? { payload } : {}) })
}

function invite(as: string, roles: string[], more: object = {}) {
  return send(as, 'POST', '/invitations', { email: freshEmail(), formId: team.formId, roles, ...more })
}

const tokenIn = (link: string) => new URLSearchParams(new URL(link).hash.slice(1)).get('token') ?? ''

async function invited(as: string, roles: string[]): Promise<{ id: string; email: string; token: string }> {
  const { id, email, link } = (await invite(as, roles)).json()
  return { id, email, token: tokenIn(link) }
}

function accept(token: string) {
  return send('', 'POST', '/invitations/accept', { token, name: 'Gus Guest', password: goodPassword })
}

describe('an invitation to a team', () => {
  it('puts the person into it, with the roles that it names, and on the record', async () => {
    const { token } = await invited('ann', ['form_designer', 'submission_reviewer'])
    const reply = await accept(token)
    expect([reply.statusCode, reply.json().formId]).toEqual([201, team.formId])
    const { id } = reply.json().user
    expect(await team.rolesOf(id)).toEqual(['form_designer', 'submission_reviewer'])
    const audit = await team.database.db
      .selectFrom('audit_event')
      .select(['action', 'actor', 'form_id'])
      .orderBy('id', 'desc')
      .executeTakeFirst()
    expect(audit).toEqual({ action: 'team.roles', actor: 'ann@example.org', form_id: team.formId })
  })

  it('says which form and roles it brings', async () => {
    const reply = await invite('ann', ['form_submitter'])
    expect(reply.json()).toMatchObject({ formId: team.formId, formName: 'A form', roles: ['form_submitter'] })
  })

  it('tells whoever has the link whom it is for, and nothing more', async () => {
    const { token, email } = await invited('ann', ['form_submitter'])
    const reply = await send('', 'POST', '/invitations/look-up', { token })
    expect(reply.json()).toEqual({ email, invitedBy: 'ann Doe', formName: 'A form', expiresAt: expect.any(String) })
  })

  it('gives no roles when whoever invited has left the team since, and the account all the same', async () => {
    await team.give(team.ids.sam ?? '', 'team_manager')
    const { token } = await invited('sam', ['form_submitter'])
    await team.give(team.ids.sam ?? '')
    const reply = await accept(token)
    expect([reply.statusCode, reply.json().formId]).toEqual([201, null])
    expect(await team.rolesOf(reply.json().user.id)).toEqual([])
  })

  it('gives no roles on a form that was deleted since', async () => {
    const formId = await team.addForm(team.ids.ann ?? '', 'owner')
    const { link } = (await invite('ann', ['form_submitter'], { formId })).json()
    await team.database.db.updateTable('form').set({ active: false }).where('id', '=', formId).execute()
    expect((await accept(tokenIn(link))).json().formId).toBeNull()
  })
})

describe('inviting to a team', () => {
  it.each([
    ['an owner', 'ann', ['owner'], 201],
    ['a team manager', 'mia', ['team_manager', 'submission_approver'], 201],
    ['a team manager, to a role that only owners give', 'mia', ['form_designer'], 403],
    ['a team manager, to owning the form', 'mia', ['form_submitter', 'owner'], 403],
    ['a reviewer', 'bea', ['form_submitter'], 403],
    ['the owner of the server, who is not in the team', 'ada', ['form_submitter'], 403],
    ['nobody', '', ['form_submitter'], 401],
  ])('%s', async (_who, as, roles, status) => {
    expect((await invite(as, roles)).statusCode).toBe(status)
  })

  it('that one has no part in is refused like to one that there is not', async () => {
    const other = await team.addForm(team.ids.ann ?? '', 'owner')
    const [foreign, unknown] = [
      await invite('mia', ['form_submitter'], { formId: other }),
      await invite('mia', ['form_submitter'], { formId: randomUUID() }),
    ]
    expect([foreign.statusCode, foreign.json()]).toEqual([unknown.statusCode, unknown.json()])
    expect(foreign.statusCode).toBe(403)
  })

  it.each<[string, object]>([
    ['a form without roles', { roles: undefined }],
    ['roles without a form', { formId: undefined }],
    ['no role at all', { roles: [] }],
    ['a role that there is not', { roles: ['king'] }],
    ['a form that is no id', { formId: '1' }],
  ])('is refused with %s', async (_what, more) => {
    expect((await invite('ann', ['form_submitter'], more)).statusCode).toBe(422)
  })

  it('is refused for somebody who has an account', async () => {
    expect((await invite('ann', ['form_submitter'], { email: 'bea@example.org' })).statusCode).toBe(409)
  })
})

describe('the invitations of a form', () => {
  const list = (as: string, formId = team.formId) => send(as, 'GET', `/forms/${formId}/invitations`)
  const ids = (body: { id: string }[]) => body.map(({ id }) => id)

  it('are shown to its team, whoever invited, and without links', async () => {
    const { id } = await invited('ann', ['form_submitter'])
    const reply = await list('mia')
    expect(ids(reply.json())).toContain(id)
    expect(reply.body).not.toContain('token')
  })

  it('do not hold those of another form', async () => {
    const formId = await team.addForm(team.ids.mia ?? '', 'owner')
    await invited('ann', ['form_submitter'])
    expect((await list('mia', formId)).json()).toEqual([])
  })

  it.each([
    ['sam', 403],
    ['', 401],
  ])('are not shown to others: %s', async (as, status) => {
    expect((await list(as)).statusCode).toBe(status)
  })

  it('are withdrawn by whoever manages the team, and by no other member', async () => {
    const { id, token } = await invited('ann', ['form_submitter'])
    expect((await send('bea', 'DELETE', `/invitations/${id}`)).statusCode).toBe(404)
    expect((await send('mia', 'DELETE', `/invitations/${id}`)).statusCode).toBe(204)
    expect((await accept(token)).statusCode).toBe(403)
  })
})

it('looks up no invitation with a wrong token', async () => {
  const reply = await send('', 'POST', '/invitations/look-up', { token: 'x'.repeat(43) })
  expect([reply.statusCode, reply.json().code]).toEqual([403, 'dead_link'])
})

describe('somebody who has got an account since', () => {
  const join = (as: string, token: string) => send(as, 'POST', '/invitations/join', { token })

  async function invitedWithAccount(roles: string[], as = 'ann') {
    const { token, email } = await invited(as, roles)
    const id = await team.addPerson('Late Comer', email)
    team.cookies[email] = await team.signIn(email)
    return { token, email, id }
  }

  it('joins the team with the roles of the invitation, on top of those that there are', async () => {
    const { token, email, id } = await invitedWithAccount(['submission_reviewer'])
    await team.give(id, 'form_submitter')
    const reply = await join(email, token)
    expect([reply.statusCode, reply.json()]).toEqual([200, { formId: team.formId }])
    expect(await team.rolesOf(id)).toEqual(['form_submitter', 'submission_reviewer'])
  })

  it('joins once', async () => {
    const { token, email } = await invitedWithAccount(['form_submitter'])
    await join(email, token)
    expect((await join(email, token)).json().code).toBe('dead_link')
  })

  it('does not join by another person’s invitation, which stays open', async () => {
    const { token, email } = await invitedWithAccount(['form_submitter'])
    expect((await join('sam', token)).statusCode).toBe(403)
    expect((await join(email, token)).statusCode).toBe(200)
  })

  it('does not get more by an old invitation than whoever invited may give now', async () => {
    const { token, email, id } = await invitedWithAccount(['form_submitter'], 'mia')
    await team.give(id, 'owner')
    expect((await join(email, token)).json()).toEqual({ formId: null })
    expect(await team.rolesOf(id)).toEqual(['owner'])
  })

  it('needs a session', async () => {
    expect((await join('', 'x'.repeat(43))).statusCode).toBe(401)
  })
})
