import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { accessOf, type Caller } from '../access/caller.ts'
import { formAccess, serverOwnerAccess } from '../access/route-access.ts'
import type { Db } from '../db/database.ts'
import { AnyObject, ref } from '../http/schemas.ts'
import { type FieldProblem, problems } from '../problem.ts'
import { changeRoles } from './change-roles.ts'
import { findTeamForm, membersOf } from './team.queries.ts'
import { FormQuery, MemberQuery, RemovedMembers, TeamMember, TeamQuery, WantedRoles } from './team.schemas.ts'
import { type MemberFilter, matches, toMember } from './team-view.ts'

type Deps = { db: Db }

const tags = ['team']
const members = { 200: Type.Array(ref(TeamMember)) }

/** Who has which role on a form. */
export function teamRoutes({ db }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/rbac/forms',
      {
        config: { access: formAccess(['team_read'], { formIn: 'query' }) },
        schema: { operationId: 'listTeam', tags, querystring: TeamQuery, response: members },
      },
      (request) => listTeam(db, request.query.formId, request.query),
    )

    app.get(
      '/rbac/users',
      {
        config: { access: serverOwnerAccess },
        schema: {
          operationId: 'listTeamAsServerOwner',
          tags,
          description: 'The team of any form, for the owner of this server.',
          querystring: TeamQuery,
          response: members,
        },
      },
      (request) => listTeam(db, request.query.formId, request.query),
    )

    // CHEFS has both; they differ in nothing but their names.
    for (const [url, operationId] of [
      ['/rbac/forms', 'setRolesOnForm'],
      ['/rbac/users', 'setRolesOfUser'],
    ] as const) {
      app.put(
        url,
        {
          config: { access: formAccess(['team_update'], { formIn: 'query' }) },
          schema: {
            operationId,
            tags,
            description: 'Makes the roles of one person on one form exactly those of the body. None: out of the team.',
            querystring: MemberQuery,
            body: WantedRoles,
            response: members,
          },
        },
        async (request) => {
          const [formId, userId] = [request.query.formId.toLowerCase(), request.query.userId.toLowerCase()]
          assertSameIds(request.body, formId, userId)
          const roles = [...new Set(request.body.map(({ role }) => role))]
          await changeRoles(db, formId, userOf(request), [{ userId, roles }])
          return listTeam(db, formId, { userId })
        },
      )
    }

    app.delete(
      '/rbac/users',
      {
        config: { access: formAccess(['team_update'], { formIn: 'query' }) },
        schema: {
          operationId: 'removeFromTeam',
          tags,
          description:
            'Takes all roles on a form from these people: from all of them or, if one is refused, from none.',
          querystring: FormQuery,
          body: RemovedMembers,
          response: { 200: AnyObject },
        },
      },
      async (request) => {
        const caller = userOf(request)
        const userIds = [...new Set(request.body.map((id) => id.toLowerCase()))]
        if (userIds.includes(caller.id)) throw problems.forbidden('You cannot remove yourself from a team.')
        const changes = userIds.map((userId) => ({ userId, roles: [] }))
        await changeRoles(db, request.query.formId.toLowerCase(), caller, changes)
        return {}
      },
    )
  }
}

async function listTeam(db: Db, formId: string, filter: MemberFilter) {
  const form = await findTeamForm(db, formId)
  if (!form) throw problems.notFound('form')
  const rows = await membersOf(db, formId)
  return rows.map((row) => toMember(form, row)).filter((member) => matches(member, filter))
}

/** What is changed is what the query names, for by that the caller's right was looked up. */
function assertSameIds(body: Static<typeof WantedRoles>, formId: string, userId: string): void {
  const errors: FieldProblem[] = body.flatMap((entry, index) => [
    ...otherThan(entry.formId, formId, `${index}.formId`),
    ...otherThan(entry.userId, userId, `${index}.userId`),
  ])
  if (errors.length > 0) throw problems.invalidBody(errors)
}

function otherThan(id: string | undefined, expected: string, path: string): FieldProblem[] {
  const same = id === undefined || id.toLowerCase() === expected
  return same ? [] : [{ path, message: 'must be the same as in the query, or absent' }]
}

function userOf(request: FastifyRequest): Extract<Caller, { kind: 'user' }> {
  const { caller } = accessOf(request)
  if (caller.kind !== 'user') throw problems.unauthorized()
  return caller
}
