import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sweepEnded } from '../src/people/ended.ts'
import { openPeopleApp, owner, type PeopleApp } from './people-app.ts'

let people: PeopleApp
beforeAll(async () => {
  people = await openPeopleApp()
  await people.firstAccount.makeAdmin(owner)
})
afterAll(() => people.close())

const day = 24 * 60 * 60 * 1000
const sessions = () => people.database.db.selectFrom('auth_session').select('id').execute()

it('keeps the sessions that last, and deletes those that have ended', async () => {
  const cookie = await people.signIn(owner.email)
  await sweepEnded(people.database.db, () => Date.now() + 6 * day)
  expect(await sessions()).toHaveLength(1)
  const reply = await people.app.inject({ url: '/app/api/auth/get-session', headers: { cookie } })
  expect(reply.json().user).toMatchObject({ email: owner.email })
  await sweepEnded(people.database.db, () => Date.now() + 8 * day)
  expect(await sessions()).toEqual([])
})

it('deletes idempotency keys after 24 hours', async () => {
  const { db, pool } = people.database
  const formId = await people.addForm(await people.addPerson('Bea', 'bea@example.org'), 'owner')
  for (const age of ['23 hours', '25 hours']) {
    await pool.query(
      `insert into idempotency_key (form_id, caller, operation, key, body_hash, created_at)
       values ($1, 'test', 'test', $2, '', now() - $3::interval)`,
      [formId, `${randomUUID()} ${age}`, age],
    )
  }
  await sweepEnded(db, Date.now)
  const kept = await db.selectFrom('idempotency_key').select('key').execute()
  expect(kept.map(({ key }) => key.slice(37))).toEqual(['23 hours'])
})

it('sweeps when the server starts to listen', async () => {
  await people.signIn(owner.email)
  await people.database.db
    .updateTable('auth_session')
    .set({ expires_at: new Date(0) })
    .execute()
  await people.app.listen({ port: 0, host: '127.0.0.1' })
  await expect.poll(sessions).toEqual([])
})
