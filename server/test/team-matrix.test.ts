import { afterAll, beforeAll, expect, it } from 'vitest'
import { permissions } from '../src/access/permission.ts'
import { openTeamApp, type TeamApp } from './team-app.ts'

let team: TeamApp
beforeAll(async () => {
  team = await openTeamApp()
})
afterAll(() => team.close())

/** CHEFS's matrix, written out: a slip in the seed must not pass unseen. */
const matrix: Record<string, string[]> = {
  team_manager: ['form_read', 'team_read', 'team_update'],
  form_designer: ['design_create', 'design_delete', 'design_read', 'design_update', 'form_read'],
  submission_reviewer: [
    'form_read',
    'submission_delete',
    'submission_read',
    'submission_review',
    'submission_update',
    'team_read',
  ],
  submission_approver: ['form_read', 'submission_read', 'submission_review', 'team_read'],
  form_submitter: ['document_template_read', 'form_read', 'submission_create'],
}

const codes = (entries: { code: string }[]) => entries.map(({ code }) => code)

it.each(Object.entries(matrix))('lets a %s do what CHEFS lets one do', async (role, allowed) => {
  const reply = await team.get('sam', `/roles/${role}`)
  expect(codes(reply.json().permissions)).toEqual(allowed)
})

it('lets an owner do everything', async () => {
  const all = codes((await team.get('sam', '/permissions')).json())
  expect(codes((await team.get('sam', '/roles/owner')).json().permissions)).toEqual(all)
  expect(all).toEqual(expect.arrayContaining([...permissions]))
})

it('lists all roles', async () => {
  expect(codes((await team.get('sam', '/roles')).json())).toEqual([...Object.keys(matrix), 'owner'].sort())
})

it('names the roles that have a permission', async () => {
  const reply = await team.get('sam', '/permissions/team_update')
  expect(codes(reply.json().roles)).toEqual(['owner', 'team_manager'])
})

it.each(['/roles/king', '/permissions/fly'])('finds nothing at %s', async (url) => {
  expect((await team.get('sam', url)).statusCode).toBe(404)
})

it.each(['/roles', '/roles/owner', '/permissions', '/permissions/team_read', '/rbac/current/forms'])(
  'tells %s to nobody without a session',
  async (url) => {
    expect((await team.get('', url)).statusCode).toBe(401)
  },
)
