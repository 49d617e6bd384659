import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { serverOwnerAccess, signedInAccess } from '../access/route-access.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db/database.ts'
import { ProblemDetails, ref } from '../http/schemas.ts'
import { jsonArray, streamText } from '../http/stream.ts'
import { problems } from '../problem.ts'
import { toPerson } from '../team/team-view.ts'
import { peopleBodyLimitBytes, userOf } from './auth.routes.ts'
import { everybody, type ListedPersonRow, renamePerson, waysToSignIn } from './people.queries.ts'
import { ListedPeopleQuery, ListedPerson, NewName, Person } from './people.schemas.ts'

export type PeopleRoutesDeps = { db: Db; config: Pick<Config, 'oidc'> }

/** Who has an account here, and one's own. */
export function peopleRoutes({ db, config }: PeopleRoutesDeps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/admin/users',
      {
        config: { access: serverOwnerAccess },
        schema: {
          operationId: 'listPeople',
          tags: ['team'],
          description: 'Everybody who has an account, oldest first.',
          querystring: ListedPeopleQuery,
          response: { 200: Type.Array(ref(ListedPerson)) },
        },
      },
      async (request, reply) => streamText(reply, jsonArray(texts(everybody(db, request.query.search)))),
    )

    app.put(
      '/users/me',
      {
        config: { access: signedInAccess },
        bodyLimit: peopleBodyLimitBytes,
        schema: {
          operationId: 'renameSelf',
          tags: ['people'],
          description: 'Changes one’s own name. Not for people whose name comes from the provider.',
          body: NewName,
          response: { 200: ref(Person), 409: ref(ProblemDetails) },
        },
      },
      async (request) => {
        const user = userOf(request)
        if (config.oidc && (await waysToSignIn(db, user.id)).provider) {
          throw problems.conflict(`Your name comes from ${config.oidc.name}. Change it there and sign in again.`)
        }
        const name = request.body.name.trim()
        await renamePerson(db, user.id, name)
        return { ...user, name }
      },
    )
  }
}

async function* texts(batches: AsyncIterable<ListedPersonRow[]>): AsyncGenerator<string[]> {
  for await (const batch of batches) yield batch.map((row) => JSON.stringify(toListed(row)))
}

function toListed(row: ListedPersonRow) {
  const { id, server_owner: serverOwner, created_at: createdAt, updated_at: updatedAt } = row
  return { id, ...toPerson(row), serverOwner, createdAt, updatedAt }
}
