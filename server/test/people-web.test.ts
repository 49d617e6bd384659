import Fastify from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { webRoutes } from '../src/web/web.routes.ts'

const app = Fastify()
beforeAll(async () => {
  await app.register(webRoutes())
})
afterAll(() => app.close())

const pages = ['/app', '/app/set-up', '/app/sign-in', '/app/accept-invitation']

it.each(pages)('serves %s under a policy that runs nothing inline and nothing from elsewhere', async (url) => {
  const reply = await app.inject(url)
  expect(reply.statusCode).toBe(200)
  expect(reply.headers['content-type']).toMatch(/^text\/html/)
  expect(reply.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
})

it.each(pages)('has on %s only assets of ours that are there', async (url) => {
  const { body } = await app.inject(url)
  const assets = [...body.matchAll(/(?:src|href)="([^"]*assets[^"]*)"/g)].map(([, address]) => address ?? '')
  expect(assets.length).toBeGreaterThan(2)
  const replies = await Promise.all(assets.map((address) => app.inject(address)))
  expect(replies.map((reply) => reply.statusCode)).toEqual(assets.map(() => 200))
  expect(body).not.toMatch(/<style|<script>|\son\w+=|https?:\/\/(?!www\.w3\.org)/)
})

it.each(['/app/assets/../home.html', '/app/assets/%2e%2e/%2e%2e/package.json', '/app/assets/', '/app/assets/none.js'])(
  'serves nothing but the assets: %s',
  async (url) => {
    expect((await app.inject(url)).statusCode).toBeGreaterThanOrEqual(400)
  },
)

it('leads from the root to the pages', async () => {
  const reply = await app.inject('/')
  expect([reply.statusCode, reply.headers.location]).toEqual([302, '/app'])
})
