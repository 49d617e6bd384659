import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { drain } from '../src/start/drain.ts'
import { expectProblem } from './expect-problem.ts'
import { type Api, basic, ok, openApi, type TestForm } from './harness.ts'

// Transactions of other databases on the same server hold the feed up, and other tests have long ones.
vi.setConfig({ testTimeout: 60_000, expect: { poll: { timeout: 30_000 } } })

let api: Api
let form: TestForm
let address: string
beforeAll(async () => {
  api = await openApi()
  address = await api.app.listen({ port: 0, host: '127.0.0.1' })
})
beforeEach(async () => {
  form = await api.addForm()
})
afterAll(() => api.close())

const ask = (query: Record<string, string>) => api.call('GET', `/forms/${form.formId}/changes`, { as: form.key, query })
const end = async () => ok(await ask({ after: 'now' })).next
const inUse = () => api.database.pool.totalCount - api.database.pool.idleCount

describe('waiting', () => {
  it('is over as soon as there is a change', async () => {
    const after = await end()
    const waiting = ask({ after, wait: '60' })
    const id = await api.submit(form)
    expect(ok(await waiting).changes.map(Object)).toMatchObject([{ kind: 'created', submissionId: id }])
  })

  it('is over after the time, with a place to go on', async () => {
    const after = await end()
    const begun = performance.now()
    const page = ok(await ask({ after, wait: '1' }))
    expect(performance.now() - begun).toBeGreaterThan(900)
    expect([page.changes, page.more]).toEqual([[], false])
    expect((await ask({ after: page.next })).statusCode).toBe(200)
  })

  it('does not begin where there are changes already', async () => {
    const after = await end()
    await api.submit(form)
    await expect.poll(async () => ok(await ask({ after })).changes.length).toBe(1)
    expect(ok(await ask({ after, wait: '60' })).changes).toHaveLength(1)
  })

  it('holds no connection to the database, however many wait', async () => {
    const after = await end()
    const waiting = Array.from({ length: 40 }, () => ask({ after, wait: '60' }))
    await expect.poll(inUse).toBe(0)
    await api.submit(form)
    for (const each of await Promise.all(waiting)) expect(ok(each).changes).toHaveLength(1)
  })

  it('is refused beyond 50 at once for a form, and takes no place from another form', async () => {
    const other = await api.addForm()
    const after = await end()
    const answered: Awaited<ReturnType<typeof ask>>[] = []
    const waiting = Array.from({ length: 60 }, async () => {
      answered.push(await ask({ after, wait: '60' }))
    })
    await expect.poll(() => answered.length).toBe(10)
    for (const refused of answered) {
      expectProblem(refused, 429, 'too_many_waiting')
      expect(refused.headers['retry-after']).toBe('10')
    }
    expect((await ask({ after })).statusCode).toBe(200)
    const begun = performance.now()
    const path = `/forms/${other.formId}/changes`
    expect((await api.call('GET', path, { as: other.key, query: { after, wait: '1' } })).statusCode).toBe(200)
    expect(performance.now() - begun).toBeGreaterThan(900)
    await api.submit(form)
    await Promise.all(waiting)
    expect(answered.slice(10).map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 50 }, () => 200))
    expect((await ask({ after, wait: '1' })).statusCode).toBe(200)
  })

  it('ends with a refusal when the key was revoked meanwhile', async () => {
    const after = await end()
    const waiting = ask({ after, wait: '60' })
    ok(await api.call('DELETE', `/forms/${form.formId}/apiKey`, { as: api.owner }))
    await api.call('POST', `/forms/${form.formId}/versions/${form.versionId}/submissions`, {
      as: api.owner,
      body: { submission: { data: { name: 'Ada' } } },
    })
    expectProblem(await waiting, 401, 'unauthorized')
  })

  it('ends with a refusal when the person’s role was taken away meanwhile', async () => {
    const person = await api.addPerson(`reader-${form.formId}@example.org`)
    await giveRoles(person.id, ['submission_reviewer'])
    const after = await end()
    const waiting = api.call('GET', `/forms/${form.formId}/changes`, { as: person, query: { after, wait: '60' } })
    ok(await api.call('DELETE', `/rbac/users?formId=${form.formId}`, { as: api.owner, body: [person.id] }))
    await api.submit(form)
    expectProblem(await waiting, 403, 'forbidden')
  })
})

describe('a stream of events', () => {
  it('brings changes as they come, and goes on after the last one that arrived', async () => {
    const stream = await open({ after: 'now' })
    const first = await api.submit(form)
    const [event] = await stream.events(1)
    expect(event).toMatchObject({ event: 'change', data: { kind: 'created', submissionId: first } })
    stream.close()
    const second = await api.submit(form)
    const again = await open({}, { 'last-event-id': event?.id ?? '' })
    expect((await again.events(1))[0]).toMatchObject({ data: { submissionId: second } })
    again.close()
  })

  it('is a problem with its status where the cursor is none', async () => {
    const response = await fetchEvents({ after: 'soon' })
    expect([response.status, response.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ])
  })

  it('is cut when the key was revoked', async () => {
    const stream = await open({ after: 'now' })
    ok(await api.call('DELETE', `/forms/${form.formId}/apiKey`, { as: api.owner }))
    await api.call('POST', `/forms/${form.formId}/versions/${form.versionId}/submissions`, {
      as: api.owner,
      body: { submission: { data: { name: 'Ada' } } },
    })
    await expect(stream.events(1)).rejects.toThrow()
  })

  it('is cut after a page once the key was revoked, however much there still is to read', async () => {
    for (let count = 0; count < 5; count++) await api.submit(form)
    await expect.poll(async () => ok(await ask({})).changes.length).toBe(5)
    const stream = await open({ limit: '2', include: 'submission' })
    await stream.events(2)
    ok(await api.call('DELETE', `/forms/${form.formId}/apiKey`, { as: api.owner }))
    await api.call('POST', `/forms/${form.formId}/versions/${form.versionId}/submissions`, {
      as: api.owner,
      body: { submission: { data: { name: 'Secret' } } },
    })
    await expect(stream.events(6)).rejects.toThrow()
    expect(stream.text()).not.toContain('Secret')
  })

  it('leaves nothing behind when its reader goes', async () => {
    const streams = await Promise.all(Array.from({ length: 20 }, () => open({ after: 'now' })))
    for (const stream of streams) stream.close()
    await expect.poll(inUse).toBe(0)
    await expect.poll(() => connections()).toBeLessThan(20)
  })
})

async function giveRoles(userId: string, roles: string[]): Promise<void> {
  ok(
    await api.call('PUT', `/rbac/users?formId=${form.formId}&userId=${userId}`, {
      as: api.owner,
      body: roles.map((role) => ({ formId: form.formId, userId, role })),
    }),
  )
}

function connections(): Promise<number> {
  return new Promise((resolve) => {
    api.app.server.getConnections((_error, count) => resolve(count))
  })
}

function fetchEvents(query: Record<string, string>, headers: Record<string, string> = {}, signal?: AbortSignal) {
  const url = `${address}/app/api/v1/forms/${form.formId}/changes?${new URLSearchParams(query)}`
  return fetch(url, {
    headers: { accept: 'text/event-stream', authorization: basic(form.formId, form.secret), ...headers },
    ...(signal ? { signal } : {}),
  })
}

type Event = { id: string; event: string; data: unknown }

async function open(query: Record<string, string>, headers: Record<string, string> = {}) {
  const abort = new AbortController()
  const response = await fetchEvents(query, headers, abort.signal)
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    close: () => abort.abort(),
    text: () => text,
    async events(count: number): Promise<Event[]> {
      for (;;) {
        const found = eventsIn(text)
        if (found.length >= count) return found
        const piece = await reader?.read()
        if (!piece || piece.done) throw new Error('The stream has ended.')
        text += piece.value
      }
    },
  }
}

/** Events with data, by the rules of the standard as far as we use them. */
function eventsIn(text: string): Event[] {
  const whole = text.split('\n\n').slice(0, -1)
  return whole.flatMap((block) => {
    const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)))
    return fields.data === undefined ? [] : [{ ...fields, data: JSON.parse(fields.data) } as Event]
  })
}

describe('a server that stops', () => {
  it('ends streams and waiting at once', async () => {
    const own = await openApi()
    const at = await own.app.listen({ port: 0, host: '127.0.0.1' })
    const { formId, secret } = await own.addForm()
    const headers = { authorization: basic(formId, secret), accept: 'text/event-stream' }
    const response = await fetch(`${at}/app/api/v1/forms/${formId}/changes?after=now`, { headers })
    const text = response.text()
    const begun = performance.now()
    await drain(own.app, new Promise(() => undefined), 20_000)
    expect(performance.now() - begun).toBeLessThan(5000)
    // A heartbeat or two, and no more.
    expect((await text).match(/^id:/gm)?.length).toBeLessThan(5)
    await own.close()
  })
})
