import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import type { RouteAccess } from '../access/route-access.ts'
import * as apiKeys from '../api-keys/api-keys.schemas.ts'
import * as drafts from '../drafts/drafts.schemas.ts'
import * as forms from '../forms/forms.schemas.ts'
import * as http from '../http/schemas.ts'
import * as people from '../people/people.schemas.ts'
import * as submissionLists from '../submissions/submission-lists.schemas.ts'
import * as submissions from '../submissions/submissions.schemas.ts'
import * as versions from '../versions/versions.schemas.ts'

const modules = [http, forms, versions, drafts, submissions, submissionLists, apiKeys, people]

/** Gives the server the shared schemas and makes the OpenAPI document from what the routes declare. */
export async function documentApi(app: FastifyInstance): Promise<void> {
  for (const schema of sharedSchemas()) app.addSchema(schema)
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Formgate', version: '0.1.0' } },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) =>
        typeof json.$id === 'string' ? json.$id : `schema-${index}`,
    },
  })
}

/** Every exported schema that has a name. */
function sharedSchemas(): { $id: string }[] {
  return modules.flatMap((module) => Object.values(module)).filter(isNamed)
}

function isNamed(value: unknown): value is { $id: string } {
  return typeof value === 'object' && value !== null && '$id' in value
}

export type { RouteAccess }
