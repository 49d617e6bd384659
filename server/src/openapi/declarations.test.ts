import Fastify, { type RouteShorthandOptions } from 'fastify'
import { expect, it } from 'vitest'
import { publicAccess } from '../access/route-access.ts'
import { declarationCheck } from './declarations.ts'

const declared = { config: { access: publicAccess }, schema: { operationId: 'getThing' } }
const handler = async () => ({})

function checkedApp() {
  const app = Fastify()
  app.addHook('onRoute', declarationCheck())
  return app
}

it.each<[string, RouteShorthandOptions, string]>([
  ['a route that does not say who may call it', { schema: { operationId: 'getThing' } }, 'declares no access'],
  ['a hidden route that does not say it either', { schema: { hide: true } }, 'declares no access'],
  ['a documented route without an id', { config: { access: publicAccess } }, 'has no operationId'],
])('refuses %s', (_case, options, message) => {
  expect(() => checkedApp().get('/app/api/v1/things', options, handler)).toThrow(message)
})

it('refuses a second route with the same id', () => {
  const app = checkedApp()
  app.get('/app/api/v1/things', declared, handler)
  expect(() => app.post('/app/api/v1/things', declared, handler)).toThrow(
    'has the operationId of another route, getThing',
  )
})

it('lets a complete declaration, hidden ones and pages pass', () => {
  const app = checkedApp()
  app.get('/app/api/v1/things', declared, handler)
  app.get('/app/api/v1/docs', { config: { access: publicAccess }, schema: { hide: true } }, handler)
  app.get('/app', handler)
})
