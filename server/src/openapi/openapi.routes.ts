import type { FastifyPluginAsync } from 'fastify'
import { stringify } from 'yaml'
import { publicAccess } from '../access/route-access.ts'
import { type Asset, compressedAsset, sendAsset } from './assets.ts'

const hidden = { config: { access: publicAccess }, schema: { hide: true } }

/** Aliases for what occurs twice are more than many readers of YAML allow. */
const plain = { aliasDuplicateObjects: false }

/** The OpenAPI document, for programs and for people. */
export function openapiRoutes(): FastifyPluginAsync {
  return async (app) => {
    const json = once(() => compressedAsset('application/json; charset=utf-8', `${JSON.stringify(app.swagger())}\n`))
    const yaml = once(() => compressedAsset('application/yaml; charset=utf-8', stringify(app.swagger(), plain)))

    app.get('/api-spec.json', hidden, async (request, reply) => sendAsset(request, reply, await json()))
    app.get('/api-spec.yaml', hidden, async (request, reply) => sendAsset(request, reply, await yaml()))
    // People read it in a page of the app.
    app.get('/docs', hidden, (_request, reply) => reply.redirect('/app/api-specification'))
  }
}

/** Makes something when it is first asked for, and once; a failure is tried again. */
function once(make: () => Promise<Asset>): () => Promise<Asset> {
  let made: Promise<Asset> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}
