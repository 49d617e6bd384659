import { afterEach, expect, it } from 'vitest'
import { openPeopleApp, owner, type PeopleApp } from './people-app.ts'

let people: PeopleApp
afterEach(() => people.close())

const provider = {
  issuer: new URL('https://id.example.org'),
  clientId: 'formgate',
  clientSecret: 'a secret of the client',
  clientAuth: 'basic',
  name: 'Contoso',
  scopes: 'openid',
  signUp: 'open',
  trustEmail: false,
} as const

async function options() {
  const reply = await people.app.inject({ url: '/app/api/auth/options' })
  expect(reply.statusCode).toBe(200)
  return reply
}

it('tells the pages that nobody has an account yet, and of no provider where there is none', async () => {
  people = await openPeopleApp()
  const answer = { signUp: 'invited', oidc: null, passwordMinLength: 10, setUpNeeded: true }
  expect((await options()).json()).toEqual(answer)
})

it('tells that the set-up was done, that anybody may sign up, and the name of the provider', async () => {
  people = await openPeopleApp({ signUp: 'open', oidc: provider })
  await people.firstAccount.makeAdmin(owner)
  const reply = await options()
  expect(reply.json()).toEqual({
    signUp: 'open',
    oidc: { name: 'Contoso', startPath: '/app/api/auth/oidc/start' },
    passwordMinLength: 10,
    setUpNeeded: false,
  })
  expect(reply.body).not.toContain(provider.clientSecret)
})
