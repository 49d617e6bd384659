import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { accessOf } from '../access/caller.ts'
import { publicAccess, signedInAccess } from '../access/route-access.ts'
import type { Clock } from '../clock.ts'
import type { Db } from '../db/database.ts'
import { ref } from '../http/schemas.ts'
import { managesATeam } from '../people/invitations.queries.ts'
import { problems } from '../problem.ts'
import { findPeople, formsOfPerson, rolesAndPermissions } from './team.queries.ts'
import {
  ActiveQuery,
  CodeParams,
  CurrentForm,
  CurrentFormsQuery,
  CurrentPerson,
  FoundPerson,
  IdentityProvider,
  PeopleQuery,
  PermissionWithRoles,
  RoleWithPermissions,
} from './team.schemas.ts'
import { toCode, toListedForm, toPerson } from './team-view.ts'

type Deps = { db: Db; clock: Clock }

const tags = ['team']

/** Whom a form can let in; the codes of a form's `identityProviders`. */
const identityProviders = [
  { code: 'public', display: 'Everybody', idp: 'public', active: true },
  { code: 'login', display: 'People who are signed in', idp: 'login', active: true },
]

/** Which roles there are, who one is, and whom one could give a role. */
export function rolesRoutes({ db, clock }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/roles',
      {
        config: { access: signedInAccess },
        schema: { operationId: 'listRoles', tags, response: { 200: Type.Array(ref(RoleWithPermissions)) } },
      },
      () => allRoles(db),
    )

    app.get(
      '/roles/:code',
      {
        config: { access: signedInAccess },
        schema: { operationId: 'getRole', tags, params: CodeParams, response: { 200: ref(RoleWithPermissions) } },
      },
      async (request) => {
        const role = (await allRoles(db)).find(({ code }) => code === request.params.code)
        if (!role) throw problems.notFound('role')
        return role
      },
    )

    app.get(
      '/permissions',
      {
        config: { access: signedInAccess },
        schema: { operationId: 'listPermissions', tags, response: { 200: Type.Array(ref(PermissionWithRoles)) } },
      },
      () => allPermissions(db),
    )

    app.get(
      '/permissions/:code',
      {
        config: { access: signedInAccess },
        schema: { operationId: 'getPermission', tags, params: CodeParams, response: { 200: ref(PermissionWithRoles) } },
      },
      async (request) => {
        const permission = (await allPermissions(db)).find(({ code }) => code === request.params.code)
        if (!permission) throw problems.notFound('permission')
        return permission
      },
    )

    app.get(
      '/rbac/idps',
      {
        config: { access: publicAccess },
        schema: {
          operationId: 'listIdentityProviders',
          tags,
          querystring: ActiveQuery,
          response: { 200: Type.Array(ref(IdentityProvider)) },
        },
      },
      async (request) => (request.query.active === false ? [] : identityProviders),
    )

    app.get(
      '/rbac/current',
      {
        config: { access: signedInAccess },
        schema: { operationId: 'getCurrentPerson', tags, response: { 200: ref(CurrentPerson) } },
      },
      async (request) => {
        const { caller } = accessOf(request)
        if (caller.kind !== 'user') throw problems.unauthorized()
        return { id: caller.id, ...toPerson(caller), public: false }
      },
    )

    app.get(
      '/rbac/current/forms',
      {
        config: { access: signedInAccess },
        schema: {
          operationId: 'listCurrentForms',
          tags,
          description: 'The forms on which one has a role, by name.',
          querystring: CurrentFormsQuery,
          response: { 200: Type.Array(ref(CurrentForm)) },
        },
      },
      async (request) => {
        const { caller } = accessOf(request)
        if (caller.kind !== 'user') throw problems.unauthorized()
        const { active = true, formId, accessLevels } = request.query
        if (accessLevels !== undefined && !accessLevels.split(',').includes('team')) return []
        const rows = await formsOfPerson(db, caller.id, { active, formId })
        return rows.map((row) => toListedForm(row, clock()))
      },
    )

    app.get(
      '/users',
      {
        config: { access: signedInAccess },
        schema: {
          operationId: 'findPeople',
          tags,
          description:
            'People to give a role to: the first 25 that match. For those who manage the team of a form and for the owner of this server.',
          querystring: PeopleQuery,
          response: { 200: Type.Array(ref(FoundPerson)) },
        },
      },
      async (request) => {
        const { caller } = accessOf(request)
        if (caller.kind !== 'user') throw problems.unauthorized()
        if (!caller.serverOwner && !(await managesATeam(db, caller.id))) {
          throw problems.forbidden('Only those who manage the team of a form may look for people.')
        }
        const { search, email, username, fullName, firstName, lastName, idpUserId: id } = request.query
        const name = [fullName, firstName, lastName].filter((part) => part !== undefined)
        const rows = await findPeople(db, { search, email: email ?? username, name, id })
        return rows.map((row) => ({ id: row.id, ...toPerson(row) }))
      },
    )
  }
}

async function allRoles(db: Db) {
  const { roles, permissions, pairs } = await rolesAndPermissions(db)
  return roles.map((role) => {
    const codes = new Set(pairs.filter((pair) => pair.role === role.code).map((pair) => pair.permission))
    return { ...toCode(role), permissions: permissions.filter(({ code }) => codes.has(code)).map(toCode) }
  })
}

async function allPermissions(db: Db) {
  const { roles, permissions, pairs } = await rolesAndPermissions(db)
  return permissions.map((permission) => {
    const codes = new Set(pairs.filter((pair) => pair.permission === permission.code).map((pair) => pair.role))
    return { ...toCode(permission), roles: roles.filter(({ code }) => codes.has(code)).map(toCode) }
  })
}
