import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { owner } from './people-app.ts'
import { openTeamApp, type TeamApp } from './team-app.ts'

let team: TeamApp
let ann: string
let bea: string
let mia: string
beforeAll(async () => {
  team = await openTeamApp()
  ann = team.ids.ann ?? ''
  bea = team.ids.bea ?? ''
  mia = team.ids.mia ?? ''
})
afterAll(() => team.close())
beforeEach(async () => {
  await team.give(ann, 'owner')
  await team.give(bea)
  await team.give(mia, 'team_manager')
})

describe('giving roles', () => {
  it.each(['/rbac/users', '/rbac/forms'])('makes them exactly those that were sent: PUT %s', async (path) => {
    await team.give(bea, 'form_submitter')
    const reply = await team.put('ann', bea, ['submission_reviewer', 'team_manager'], path)
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toMatchObject([
      { userId: bea, formId: team.formId, roles: ['submission_reviewer', 'team_manager'] },
    ])
    expect(await team.rolesOf(bea)).toEqual(['submission_reviewer', 'team_manager'])
  })

  it('lets a second person do what the role allows, and no more', async () => {
    const url = `/rbac/forms?formId=${team.formId}`
    expect((await team.get('bea', url)).statusCode).toBe(403)
    await team.put('ann', bea, ['submission_reviewer'])
    expect((await team.get('bea', url)).statusCode).toBe(200)
    expect((await team.put('bea', mia, [])).statusCode).toBe(403)
    await team.put('ann', bea, [])
    expect((await team.get('bea', url)).statusCode).toBe(403)
  })

  it('is recorded with who, whom, before and after', async () => {
    await team.put('ann', bea, ['form_designer'])
    const event = await team.database.db
      .selectFrom('audit_event')
      .selectAll()
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    expect(event).toMatchObject({
      action: 'team.roles',
      actor: 'ann@example.org',
      actor_user_id: ann,
      form_id: team.formId,
    })
    expect(event.details).toEqual({ userId: bea, before: [], after: ['form_designer'] })
  })

  it('is not recorded when nothing changes', async () => {
    const count = async () => (await team.database.db.selectFrom('audit_event').selectAll().execute()).length
    const before = await count()
    await team.put('ann', mia, ['team_manager'])
    expect(await count()).toBe(before)
  })

  it.each(['owner', 'form_designer'])('of %s is refused to a team manager', async (role) => {
    const reply = await team.put('mia', bea, [role])
    expect([reply.statusCode, reply.json().code]).toEqual([403, 'forbidden'])
    expect(await team.rolesOf(bea)).toEqual([])
  })

  it('to oneself is refused to a team manager', async () => {
    expect((await team.put('mia', mia, ['team_manager', 'submission_reviewer'])).statusCode).toBe(403)
  })

  it('of others is open to a team manager', async () => {
    expect((await team.put('mia', bea, ['submission_approver'])).statusCode).toBe(200)
  })

  it('is refused to strangers, with a session and without', async () => {
    expect((await team.put('sam', bea, ['owner'])).statusCode).toBe(403)
    expect((await team.put('', bea, ['owner'])).statusCode).toBe(401)
  })

  it('is refused for an account that does not exist', async () => {
    const reply = await team.put('ann', '8f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d', ['form_submitter'])
    expect(reply.statusCode).toBe(404)
  })

  it.each<[string, object | string, number]>([
    ['another form in the body', [{ formId: '8f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d', role: 'owner' }], 422],
    ['another person in the body', [{ userId: '8f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d', role: 'owner' }], 422],
    ['a role that there is not', [{ role: 'admin' }], 422],
    ['no list', { role: 'owner' }, 422],
    ['a list of texts', ['owner'], 422],
    ['malformed JSON', '[{', 400],
  ])('is refused with %s', async (_what, payload, status) => {
    const reply = await team.app.inject({
      method: 'PUT',
      url: `/app/api/v1/rbac/users?formId=${team.formId}&userId=${bea}`,
      headers: { cookie: team.cookies.ann ?? '', 'content-type': 'application/json' },
      payload,
    })
    expect(reply.statusCode).toBe(status)
    expect(await team.rolesOf(bea)).toEqual([])
  })

  it('takes ids in upper case', async () => {
    expect((await team.put('ann', bea.toUpperCase(), ['form_submitter'])).statusCode).toBe(200)
    expect(await team.rolesOf(bea)).toEqual(['form_submitter'])
  })
})

describe('the last owner', () => {
  it('cannot step down', async () => {
    const reply = await team.put('ann', ann, ['form_submitter'])
    expect([reply.statusCode, reply.json().code]).toEqual([400, 'bad_request'])
    expect(await team.rolesOf(ann)).toEqual(['owner'])
  })

  it('can step down once there is another', async () => {
    await team.put('ann', bea, ['owner'])
    expect((await team.put('ann', ann, [])).statusCode).toBe(200)
    expect(await team.rolesOf(ann)).toEqual([])
  })

  it('remains when two owners remove each other at the same moment', async () => {
    for (let round = 0; round < 10; round++) {
      await team.give(ann, 'owner')
      await team.give(bea, 'owner')
      const replies = await Promise.all([team.put('ann', bea, []), team.put('bea', ann, [])])
      // The one that comes too late: refused by the guard or, behind the lock, by the rules.
      expect(replies.map((reply) => reply.statusCode).sort()).toEqual([200, 403])
      expect([...(await team.rolesOf(ann)), ...(await team.rolesOf(bea))]).toEqual(['owner'])
    }
  })

  it('remains when two owners step down at the same moment', async () => {
    for (let round = 0; round < 10; round++) {
      await team.give(ann, 'owner')
      await team.give(bea, 'owner')
      const replies = await Promise.all([team.put('ann', ann, []), team.put('bea', bea, [])])
      expect(replies.map((reply) => reply.statusCode).sort()).toEqual([200, 400])
    }
  })
})

describe('removing people', () => {
  it('takes all roles of all who are named', async () => {
    await team.give(bea, 'form_submitter', 'form_designer')
    expect((await team.remove('ann', [bea, mia])).statusCode).toBe(200)
    expect([...(await team.rolesOf(bea)), ...(await team.rolesOf(mia))]).toEqual([])
  })

  it('removes nobody when one of them is refused', async () => {
    await team.give(bea, 'form_submitter')
    expect((await team.remove('mia', [bea, ann])).statusCode).toBe(403)
    expect(await team.rolesOf(bea)).toEqual(['form_submitter'])
  })

  it('is refused for oneself', async () => {
    await team.give(bea, 'owner')
    expect((await team.remove('ann', [ann])).statusCode).toBe(403)
  })

  it('is refused to a reviewer', async () => {
    await team.give(bea, 'submission_reviewer')
    expect((await team.remove('bea', [mia])).statusCode).toBe(403)
  })

  it('of somebody who is not in the team changes nothing', async () => {
    expect((await team.remove('ann', [bea])).statusCode).toBe(200)
  })

  it('is refused with what is no id', async () => {
    expect((await team.remove('ann', ['bea'])).statusCode).toBe(422)
  })
})

describe('the team', () => {
  const listed = async (as: string, more = '', path = '/rbac/forms') =>
    (await team.get(as, `${path}?formId=${team.formId}${more}`)).json()

  it('is listed by name, with roles and what they allow', async () => {
    const members = await listed('ann')
    expect(members.map((member: { email: string }) => member.email)).toEqual(['ann@example.org', 'mia@example.org'])
    expect(members[1]).toMatchObject({
      userId: mia,
      fullName: 'mia Doe',
      firstName: 'mia',
      lastName: 'Doe',
      formName: 'A form',
      roles: ['team_manager'],
      permissions: ['form_read', 'team_read', 'team_update'],
    })
  })

  it.each([
    ['userId', () => mia, ['mia@example.org']],
    ['email', () => 'MIA@', ['mia@example.org']],
    ['roles', () => 'owner,form_designer', ['ann@example.org']],
    ['permissions', () => 'team_update', ['ann@example.org', 'mia@example.org']],
    ['fullName', () => 'nobody', []],
  ])('is filtered by %s', async (name, value, expected) => {
    const members = await listed('ann', `&${name}=${encodeURIComponent(value())}`)
    expect(members.map((member: { email: string }) => member.email)).toEqual(expected)
  })

  it('of any form is shown to the owner of the server, at GET /rbac/users', async () => {
    expect(await listed('ada', '', '/rbac/users')).toHaveLength(2)
    expect((await team.get('ann', `/rbac/users?formId=${team.formId}`)).statusCode).toBe(403)
  })

  it('needs the id of a form', async () => {
    expect((await team.get('ann', '/rbac/forms')).statusCode).toBe(400)
  })
})

it('says who one is', async () => {
  expect((await team.get('ann', '/rbac/current')).json()).toEqual({
    id: ann,
    idpUserId: ann,
    username: 'ann@example.org',
    firstName: 'ann',
    fullName: 'ann Doe',
    lastName: 'Doe',
    email: 'ann@example.org',
    public: false,
  })
})

it('says to nobody who one is', async () => {
  expect((await team.get('', '/rbac/current')).statusCode).toBe(401)
})

it('lists the forms on which one has a role, and no others', async () => {
  expect((await team.get('ann', '/rbac/current/forms')).json()).toMatchObject([
    { formId: team.formId, roles: ['owner'] },
  ])
  expect((await team.get('sam', '/rbac/current/forms')).json()).toEqual([])
})

it('lists a deleted form only to those who ask for deleted ones', async () => {
  const other = await team.addForm(ann, 'owner')
  await team.database.db.updateTable('form').set({ active: false }).where('id', '=', other).execute()
  const ids = async (query: string) =>
    (await team.get('ann', `/rbac/current/forms${query}`)).json().map((form: { formId: string }) => form.formId)
  expect(await ids('')).toEqual([team.formId])
  expect(await ids('?active=false')).toEqual([other])
})

it('finds people for those who manage a team', async () => {
  const found = (await team.get('mia', '/users?search=BEA')).json()
  expect(found).toMatchObject([{ id: bea, email: 'bea@example.org' }])
  expect(Object.keys(found[0])).not.toContain('serverOwner')
})

it('finds nobody by wildcards', async () => {
  expect((await team.get('mia', '/users?search=%25%25%25')).json()).toEqual([])
})

it('finds people for nobody else', async () => {
  expect((await team.get('sam', '/users?search=bea')).statusCode).toBe(403)
  expect((await team.get('', '/users?search=bea')).statusCode).toBe(401)
})

it('finds people for the owner of the server', async () => {
  expect((await team.get('ada', `/users?email=${owner.email}`)).json()).toHaveLength(1)
})

it('names whom a form can let in, without a session', async () => {
  const codes = (await team.get('', '/rbac/idps')).json().map((each: { code: string }) => each.code)
  expect(codes).toEqual(['public', 'login'])
})
