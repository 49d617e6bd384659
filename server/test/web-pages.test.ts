import Fastify from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { webRoutes } from '../src/web/web.routes.ts'

const app = Fastify()
beforeAll(async () => {
  await app.register(webRoutes({ publicUrl: new URL('https://forms.example.org') }))
})
afterAll(() => app.close())

const ownerPages = [
  '/app',
  '/app/set-up',
  '/app/sign-in',
  '/app/sign-up',
  '/app/signed-in',
  '/app/accept-invitation',
  '/app/account',
  '/app/people',
  '/app/form/manage?f=1',
  '/app/pages/privacy',
]
const documents = [...ownerPages, '/app/form/submit?f=1', '/app/form/submit?f=1&embed=1', '/app/frame']

function directives(policy: unknown): Map<string, string[]> {
  const parts = String(policy).split('; ')
  return new Map(parts.map((part) => [part.split(' ')[0] ?? '', part.split(' ').slice(1)]))
}

it.each(ownerPages)('serves %s under a policy that runs nothing inline and nothing from elsewhere', async (url) => {
  const reply = await app.inject({ url, headers: { host: 'localhost:3000' } })
  expect(reply.statusCode).toBe(200)
  expect(reply.headers['content-type']).toMatch(/^text\/html/)
  const policy = directives(reply.headers['content-security-policy'])
  expect(policy.get('default-src')).toEqual(["'none'"])
  expect(policy.get('script-src')).toEqual(["'self'"])
  expect(policy.get('style-src')).toEqual(["'self'"])
  expect(policy.get('frame-ancestors')).toEqual(["'none'"])
  expect(policy.get('frame-src')).toEqual(['https://forms.example.org/app/frame', 'http://localhost:3000/app/frame'])
})

it.each(['/app/forms', '/app/form/mange?f=1'])('tells people that %s is no page, and programs too', async (url) => {
  const page = await app.inject({ url, headers: { accept: 'text/html,*/*;q=0.8' } })
  expect(page.statusCode).toBe(404)
  expect(page.headers['content-type']).toMatch(/^text\/html/)
  expect(page.headers['content-security-policy']).toContain("script-src 'self'")
  const program = await app.inject(url)
  expect(program.statusCode).toBe(404)
  expect(program.json().code).toBe('route_not_found')
})

it('lets the frame connect to us alone, also by hints that no policy covers', async () => {
  const { headers } = await app.inject('/app/frame')
  expect(headers['connection-allowlist']).toBe('(response-origin)')
})

it.each(documents)('has on %s only files of ours that are there, and nothing inline', async (url) => {
  const { body } = await app.inject(url)
  const files = [...body.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, address]) => address ?? '')
  expect(files.filter((address) => address.startsWith('/app/assets/')).length).toBeGreaterThan(0)
  const replies = await Promise.all(files.map((address) => app.inject(address)))
  expect(replies.map((reply) => reply.statusCode)).toEqual(files.map(() => 200))
  expect(body).not.toMatch(/<style|<script>|\sstyle=|\son\w+=|https?:\/\//)
})

it('gives the right to evaluate text to the frame alone', async () => {
  const policies = await Promise.all(
    documents.map(async (url) => [url, String((await app.inject(url)).headers['content-security-policy'])] as const),
  )
  expect(policies.filter(([, policy]) => policy.includes('unsafe-eval')).map(([url]) => url)).toEqual(['/app/frame'])
})

it('lets another site show the page to fill in only when it is asked for that', async () => {
  const ancestors = async (url: string) =>
    directives((await app.inject(url)).headers['content-security-policy']).get('frame-ancestors')
  expect(await ancestors('/app/form/submit?f=1')).toEqual(["'none'"])
  expect(await ancestors('/app/form/submit?f=1&embed=1')).toEqual(['*'])
})

it('does not let a forged host into the policy', async () => {
  const reply = await app.inject({ url: '/app', headers: { host: "x; script-src 'unsafe-inline'" } })
  expect(String(reply.headers['content-security-policy'])).not.toContain('unsafe-inline')
})

it.each([
  '/app/assets/../app.html',
  '/app/assets/%2e%2e/%2e%2e/package.json',
  '/app/assets/..%2fapp.html',
  '/app/assets/',
  '/app/assets/none.js',
  '/app/package.json',
])('serves nothing but the pages and their files: %s', async (url) => {
  expect((await app.inject(url)).statusCode).toBeGreaterThanOrEqual(400)
})

it('leads from the root to the pages', async () => {
  const reply = await app.inject('/')
  expect([reply.statusCode, reply.headers.location]).toEqual([302, '/app'])
})
