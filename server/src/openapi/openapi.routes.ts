import type { FastifyPluginAsync } from 'fastify'
import { stringify } from 'yaml'
import { publicAccess } from '../access/route-access.ts'
import { type Asset, compressedAsset, scalarScript, sendAsset, textAsset } from './assets.ts'
import { docsHeaders, docsPage, startScript } from './docs-page.ts'

const hidden = { config: { access: publicAccess }, schema: { hide: true } }
const scriptType = 'text/javascript; charset=utf-8'

/** The OpenAPI document, for programs and for people. */
export function openapiRoutes(): FastifyPluginAsync {
  return async (app) => {
    const json = once(() => compressedAsset('application/json; charset=utf-8', `${JSON.stringify(app.swagger())}\n`))
    const yaml = once(() => compressedAsset('application/yaml; charset=utf-8', stringify(app.swagger())))
    const script = once(async () => compressedAsset(scriptType, await scalarScript()))
    const page = textAsset('text/html; charset=utf-8', docsPage)
    const start = textAsset(scriptType, startScript)

    app.get('/api-spec.json', hidden, async (request, reply) => sendAsset(request, reply, await json()))
    app.get('/api-spec.yaml', hidden, async (request, reply) => sendAsset(request, reply, await yaml()))
    app.get('/docs', hidden, async (request, reply) => sendAsset(request, reply.headers(docsHeaders), page))
    app.get('/docs/scalar.js', hidden, async (request, reply) => sendAsset(request, reply, await script()))
    app.get('/docs/start.js', hidden, async (request, reply) => sendAsset(request, reply, start))
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
