import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Embedded,
  end,
  makeFolder,
  postmasterPid,
  query,
  removeFolders,
  startProcess,
} from '../../test/embedded.ts'

afterAll(removeFolders)

describe('the embedded database, started with LANG=C and umask 077', () => {
  let dataDir: string
  let embedded: Embedded
  beforeAll(async () => {
    dataDir = join(await makeFolder(), 'data')
    embedded = await startProcess(dataDir, { umask: '077' })
  })
  afterAll(() => end(embedded.child, 'SIGTERM'))

  it('stores any language', async () => {
    const statement = "SELECT 'naïve 😀 ᓄᓇᕗᑦ' AS text, length('naïve 😀 ᓄᓇᕗᑦ') AS characters, upper('é') AS upper"
    expect(await query(embedded.url, statement)).toEqual([{ text: 'naïve 😀 ᓄᓇᕗᑦ', characters: 12, upper: 'É' }])
  })

  it('sorts for people', async () => {
    const rows = await query(
      embedded.url,
      `SELECT word FROM (VALUES ('Zebra'), ('École'), ('eclair')) AS t(word) ORDER BY word COLLATE "und-x-icu"`,
    )
    expect(rows).toEqual([{ word: 'eclair' }, { word: 'École' }, { word: 'Zebra' }])
  })

  it('writes to disk before it says so', async () => {
    expect(await query(embedded.url, 'SHOW fsync')).toEqual([{ fsync: 'on' }])
    expect(await query(embedded.url, 'SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }])
  })

  it('listens on the loopback address alone', async () => {
    const { port } = new URL(embedded.url ?? '')
    const sockets = await readFile('/proc/net/tcp', 'utf8')
    const listening = sockets.split('\n').filter((line) => line.includes(`:${hexPort(port)} 00000000:0000 0A`))
    expect(listening.map((line) => line.trim().split(/\s+/)[1])).toEqual([`0100007F:${hexPort(port)}`])
    expect(await query(embedded.url, 'SHOW unix_socket_directories')).toEqual([{ unix_socket_directories: '' }])
    for (const address of otherAddresses()) {
      await expect(query(`postgres://formgate:x@${address}:${port}/formgate`, 'SELECT 1')).rejects.toThrow()
    }
  })

  it('asks for the password, and keeps it to its owner', async () => {
    const wrong = new URL(embedded.url ?? '')
    wrong.password = 'wrong'
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/)
    const stored = "SELECT rolpassword ^@ 'SCRAM-SHA-256' AS scram FROM pg_authid WHERE rolname = 'formgate'"
    expect(await query(embedded.url, stored)).toEqual([{ scram: true }])
    for (const file of ['password', 'url', 'lock']) {
      expect((await stat(join(dataDir, 'postgres', file))).mode & 0o777).toBe(0o600)
    }
  })

  it('is out of reach of a terminal’s Ctrl-C', async () => {
    const pid = await postmasterPid(dataDir)
    const groupId = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ')[2]
    expect(Number(groupId)).toBe(pid)
  })

  it('does not see our secrets', async () => {
    expect(await readFile(`/proc/${await postmasterPid(dataDir)}/environ`, 'utf8')).not.toContain('SECRET_KEY')
  })

  it('refuses a second server on its folder', async () => {
    const second = await startProcess(dataDir)
    expect(second.refused).toBe(
      `Another Formgate (process ${embedded.child.pid}) is using the data folder ${dataDir}. Stop it first, or give this one a DATA_DIR of its own.`,
    )
    expect(await query(embedded.url, 'SELECT 1 AS still')).toEqual([{ still: 1 }])
  })
})

describe('a start', () => {
  it('after SIGKILL of the server finds all that was acknowledged', async () => {
    const dataDir = join(await makeFolder(), 'data')
    const killed = await startProcess(dataDir)
    await query(killed.url, 'CREATE TABLE kept (n int)', 'INSERT INTO kept SELECT generate_series(1, 1000)')
    await end(killed.child, 'SIGKILL')
    const orphan = await postmasterPid(dataDir)
    const next = await startProcess(dataDir)
    expect(next.logs).toEqual([expect.stringContaining(`left its database running (process ${orphan})`)])
    expect(await query(next.url, 'SELECT count(*)::int FROM kept')).toEqual([{ count: 1000 }])
    await end(next.child, 'SIGTERM')
    await expect(postmasterPid(dataDir)).rejects.toThrow()
  })

  it('after SIGKILL of both recovers all that was acknowledged', async () => {
    const dataDir = join(await makeFolder(), 'data')
    const killed = await startProcess(dataDir)
    await query(killed.url, 'CREATE TABLE kept (n int)', 'INSERT INTO kept SELECT generate_series(1, 1000)')
    process.kill(await postmasterPid(dataDir), 'SIGKILL')
    await end(killed.child, 'SIGKILL')
    const next = await startProcess(dataDir)
    expect(await query(next.url, 'SELECT count(*)::int FROM kept')).toEqual([{ count: 1000 }])
    await end(next.child, 'SIGTERM')
  })

  it('ignores what a first start that was killed half-way left behind', async () => {
    const dataDir = join(await makeFolder(), 'data')
    const left = join(dataDir, 'postgres', 'cluster-unfinished-1')
    await mkdir(left, { recursive: true })
    await writeFile(join(left, 'PG_VERSION'), '18\n')
    const { url, child } = await startProcess(dataDir)
    expect(await query(url, 'SELECT 1 AS works')).toEqual([{ works: 1 }])
    await expect(stat(left)).rejects.toThrow()
    await end(child, 'SIGTERM')
  })

  it('refuses a data folder of another major version and names the ways out', async () => {
    const dataDir = join(await makeFolder(), 'data')
    const cluster = join(dataDir, 'postgres', 'cluster')
    await mkdir(cluster, { recursive: true })
    await writeFile(join(cluster, 'PG_VERSION'), '17\n')
    const { refused } = await startProcess(dataDir)
    expect(refused).toMatch(/was made by PostgreSQL 17, and this Formgate brings PostgreSQL 18\./)
    expect(refused).toMatch(/npm run backup.*npm run restore.*DATABASE_URL/)
  })

  it('is not put off by another program that now has the old process id', async () => {
    const dataDir = join(await makeFolder(), 'data')
    const first = await startProcess(dataDir)
    const pidFile = join(dataDir, 'postgres', 'cluster', 'postmaster.pid')
    const text = await readFile(pidFile, 'utf8')
    await end(first.child, 'SIGTERM')
    await writeFile(pidFile, text.replace(/^\d+/, String(process.pid)))
    const next = await startProcess(dataDir)
    expect(await query(next.url, 'SELECT 1 AS works')).toEqual([{ works: 1 }])
    await end(next.child, 'SIGTERM')
  })

  it('says so when the data folder cannot be written', async () => {
    const file = join(await makeFolder(), 'data')
    await writeFile(file, 'not a folder')
    expect((await startProcess(join(file, 'below'))).refused).toMatch(/cannot be used.*Give DATA_DIR a folder/)
  })
})

function hexPort(port: string): string {
  return Number(port).toString(16).toUpperCase().padStart(4, '0')
}

function otherAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address)
}
