import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { publicAccess } from '../access/route-access.ts'
import { ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import { isPageName } from './page.ts'
import type { PageFiles } from './page-files.ts'
import { Page, PageParams, PageQuery } from './pages.schemas.ts'

/** Terms of use and their like, which whoever runs the server writes. */
export function pagesRoutes({ pageFiles }: { pageFiles: PageFiles }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/pages/:name',
      {
        config: { access: publicAccess },
        schema: {
          operationId: 'getPage',
          tags: ['pages'],
          description: 'A page of whoever runs this server, such as the terms of use; ours until it is filled.',
          params: PageParams,
          querystring: PageQuery,
          response: { 200: ref(Page) },
        },
      },
      async (request) => {
        const { name } = request.params
        if (!isPageName(name)) throw problems.notFound('page')
        const { title = name, html, lang, updatedAt } = await pageFiles.find(name, request.query.lang ?? 'en')
        const isDefault = updatedAt === undefined
        return { title, html, lang: lang ?? null, updatedAt: updatedAt?.toISOString() ?? null, isDefault }
      },
    )
  }
}
