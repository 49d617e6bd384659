import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { existingHome } from '../src/embedded-postgres/home.ts'
import { makeFolder, postmasterPid, removeFolders } from './embedded.ts'
import { beginPost, endAll, type Started, start, startServing } from './started.ts'

// Whole processes start here, several in one test, while other tests keep the machine busy.
vi.setConfig({ testTimeout: 90_000 })

const account = { name: 'Ada Owner', email: 'ada@example.org', password: 'correct horse battery' }
const admin = { ADMIN_EMAIL: account.email, ADMIN_PASSWORD: account.password }

afterEach(endAll)
afterAll(removeFolders)

async function newDataDir(): Promise<string> {
  return join(await makeFolder(), 'data')
}

describe('a start that cannot be', () => {
  it('reports all mistakes in the environment at once, without a stack', async () => {
    const started = start({ PORT: 'x', SIGN_UP: 'maybe', DATA_DIR: join(await makeFolder(), 'never') })
    expect(await started.exitCode()).toBe(1)
    expect(started.output()).toMatch(/^Formgate was not started:\n- PORT is .*\n- SIGN_UP is .*\n$/)
  })

  it('names the port that another program uses, and leaves no database running', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = Object(other.address())
    const dataDir = await newDataDir()
    const started = start({ DATA_DIR: dataDir, PORT: String(port) })
    expect(await started.exitCode()).toBe(1)
    expect(started.output()).toContain(`Port ${port} is in use by another program. Set PORT to a free one.`)
    await expect(postmasterPid(dataDir)).rejects.toThrow()
    other.close()
  })
})

describe('a start', () => {
  it.each([
    { env: {}, place: 'this process alone' },
    { env: { RATE_LIMIT_STORE: 'postgres' }, place: 'the database' },
  ])('says that it counts in $place, for containers must count in the same', async ({ env, place }) => {
    const server = await startServing({ DATA_DIR: await newDataDir(), ...env })
    expect(server.output()).toContain(`Rate limits are counted in ${place}.\n`)
    await stop(server)
  })
})

describe('Ctrl-C', () => {
  // One Ctrl-C can arrive twice: from the terminal, and passed on by whoever stands between.
  it.each([
    { times: 1, program: 'npm', command: ['npm', 'start'], exitCode: null },
    { times: 2, program: 'the launcher', command: undefined, exitCode: 0 },
  ])('during a POST ($times × to $program) lets it have its answer and stops the database', async (started) => {
    const dataDir = await newDataDir()
    const server = await startServing({ DATA_DIR: dataDir }, started.command)
    const half = await beginPost(server.url, '/app/api/v1/set-up', { token: await setUpToken(server), ...account })
    for (let sent = 0; sent < started.times; sent += 1) server.signalAll('SIGINT')
    await server.line(/^Stopping/m)
    await expect(fetch(server.url)).rejects.toThrow()
    half.finish()
    expect(await half.answer).toMatch(/HTTP\/1\.1 201 /)
    // npm waits for us and then, as it was told, dies of the signal itself.
    expect(await server.exitCode()).toBe(started.exitCode)
    expect(server.output()).toMatch(/Stopped\.\n/)
    await expect(postmasterPid(dataDir)).rejects.toThrow()
    const next = await startServing({ DATA_DIR: dataDir })
    expect(next.output()).not.toContain('Make the first account')
    expect((await signIn(next.url)).status).toBe(200)
    await stop(next)
  })

  it('pressed again later does not wait any more', async () => {
    const dataDir = await newDataDir()
    const server = await startServing({ DATA_DIR: dataDir })
    const half = await beginPost(server.url, '/app/api/v1/set-up', { token: 'never sent', ...account })
    server.signalAll('SIGINT')
    await server.line(/^Stopping/m)
    await sleep(1100)
    expect(server.launcher.exitCode).toBeNull()
    server.signalAll('SIGINT')
    expect(await server.exitCode()).toBe(0)
    expect(await half.answer).not.toContain('201')
    await expect(postmasterPid(dataDir)).rejects.toThrow()
  })
})

describe('a signal', () => {
  it('to the launcher alone stops the server behind it', async () => {
    const dataDir = await newDataDir()
    const server = await startServing({ DATA_DIR: dataDir })
    server.launcher.kill('SIGTERM')
    expect(await server.exitCode()).toBe(0)
    expect(server.output()).toMatch(/Stopped\.\n$/)
    await expect(postmasterPid(dataDir)).rejects.toThrow()
  })

  it('that kills the server loses nothing that was acknowledged', async () => {
    const dataDir = await newDataDir()
    const killed = await startServing({ DATA_DIR: dataDir, ...admin })
    const cookie = cookieOf(await signIn(killed.url))
    const made = await post(killed.url, '/app/api/v1/forms', { name: 'Kept', schema: { components: [] } }, cookie)
    expect(made.status).toBe(201)
    const { id } = Object(await made.json())
    process.kill(await serverPid(dataDir), 'SIGKILL')
    expect(await killed.exitCode()).toBe(137)
    const next = await startServing({ DATA_DIR: dataDir, ...admin })
    expect(next.output()).toContain('left its database running')
    const found = await fetch(new URL(`/app/api/v1/forms/${id}`, next.url), { headers: { cookie } })
    expect([found.status, Object(await found.json()).name]).toEqual([200, 'Kept'])
    await stop(next)
  })
})

describe('a second server on the same folder', () => {
  it('is refused in one line, and the first goes on', async () => {
    const dataDir = await newDataDir()
    const first = await startServing({ DATA_DIR: dataDir })
    const second = start({ DATA_DIR: dataDir })
    expect(await second.exitCode()).toBe(1)
    const pid = await serverPid(dataDir)
    expect(second.output()).toBe(
      `Another Formgate (process ${pid}) is using the data folder ${dataDir}. Stop it first, or give this one a DATA_DIR of its own.\n`,
    )
    expect((await fetch(new URL('/readyz', first.url))).status).toBe(200)
    await stop(first)
  })
})

async function stop(server: Started): Promise<void> {
  server.signalAll('SIGINT')
  expect(await server.exitCode()).toBe(0)
}

async function setUpToken(server: Started): Promise<string> {
  const [, token = ''] = await server.line(/^Make the first account: .*#token=(\S+)$/m)
  return token
}

async function serverPid(dataDir: string): Promise<number> {
  return Number(await readFile(join((await existingHome(dataDir)) ?? '', 'owner'), 'utf8'))
}

function signIn(url: URL): Promise<Response> {
  const { email, password } = account
  return post(url, '/app/api/auth/sign-in/email', { email, password })
}

function post(url: URL, path: string, body: object, cookie = ''): Promise<Response> {
  const headers = { 'content-type': 'application/json', cookie }
  return fetch(new URL(path, url), { method: 'POST', headers, body: JSON.stringify(body) })
}

function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}
