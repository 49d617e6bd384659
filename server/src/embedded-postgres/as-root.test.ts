import { chown, cp, mkdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { end, makeFolder, postmasterPid, query, removeFolders, startProcess } from '../../test/embedded.ts'
import { findBinaries } from './binaries.ts'
import { binaryPackage, thisMachine } from './binary-package.ts'
import { existingHome } from './home.ts'
import { databaseUser } from './system-user.ts'

const isRoot = process.getuid?.() === 0
const nobody = 65_534

afterAll(removeFolders)

describe.runIf(isRoot)('started as root, the database', () => {
  it('runs as an ordinary user', async () => {
    const dataDir = join(await makeFolder(), 'data')
    const { child } = await startProcess(dataDir)
    expect(await uidOf(await postmasterPid(dataDir))).toBe((await databaseUser(undefined))?.uid)
    await end(child, 'SIGTERM')
  })

  it('moves out of a data folder that this user cannot enter, says so, and is found again', async () => {
    const dataDir = join(await makeFolder('private'), 'data')
    const first = await startProcess(dataDir, { umask: '077' })
    const home = await existingHome(dataDir)
    expect(home).toMatch(/^\/var\/lib\/formgate\/[0-9a-f]{16}$/)
    expect(first.logs[0]).toContain(`the database is in ${home}`)
    await query(first.url, 'CREATE TABLE kept ()')
    expect((await startProcess(dataDir)).refused).toContain('Another Formgate')
    await end(first.child, 'SIGTERM')
    const next = await startProcess(dataDir)
    expect(await query(next.url, "SELECT to_regclass('kept')::text AS found")).toEqual([{ found: 'kept' }])
    await end(next.child, 'SIGTERM')
  })

  it('does not start empty when the folder it moved to is gone', async () => {
    const dataDir = join(await makeFolder(), 'data')
    await mkdir(dataDir)
    await writeFile(join(dataDir, 'postgres-folder'), '/var/lib/formgate/gone\n')
    expect((await startProcess(dataDir)).refused).toMatch(/was in \/var\/lib\/formgate\/gone, which is gone/)
  })

  it('stays with the owner of an existing data folder', async () => {
    const folder = await makeFolder()
    await chown(folder, nobody, nobody)
    const dataDir = join(folder, 'data')
    const asNobody = await startProcess(dataDir, { uid: nobody })
    await end(asNobody.child, 'SIGTERM')
    const asRoot = await startProcess(dataDir)
    expect(await uidOf(await postmasterPid(dataDir))).toBe(nobody)
    await end(asRoot.child, 'SIGTERM')
  })

  it('runs from a clone that this user cannot enter', async () => {
    const version = `test-${process.pid}`
    const native = await copyPackage(await makeFolder('private'), version)
    const logs: string[] = []
    const user = await databaseUser(undefined)
    const { folder, major } = await findBinaries({ user, native, log: (message) => logs.push(message) })
    expect(major).toBe(18)
    expect(folder).toBe(`/var/lib/formgate/postgresql-${version}-${process.arch}`)
    expect(logs).toEqual([expect.stringContaining(`its programs are in ${folder}`)])
    await rm(folder, { recursive: true })
  })
})

describe('the programs', () => {
  it('work when the packages were installed without their scripts', async () => {
    const native = await copyPackage(await makeFolder(), 'no-scripts')
    const links = await readFile(join(native, 'pg-symlinks.json'), 'utf8')
    for (const { target } of JSON.parse(links) as { target: string }[]) await unlink(join(native, '..', target))
    const user = await databaseUser(undefined)
    const found = await findBinaries({ user, native, log: () => undefined })
    expect(found).toEqual({ folder: native, major: 18 })
  })

  it('are refused in plain words when a library is missing', async () => {
    const native = await copyPackage(await makeFolder(), 'no-library')
    await unlink(join(native, 'lib', 'libicuuc.so.60.2'))
    await expect(findBinaries({ user: undefined, native, log: () => undefined })).rejects.toThrow(
      /does not run on this machine: .*libicuuc.*Run "npm ci" again, or set DATABASE_URL/,
    )
  })
})

async function copyPackage(folder: string, version: string): Promise<string> {
  const native = join(fileURLToPath(import.meta.resolve(binaryPackage(thisMachine()))), '..', '..', 'native')
  await cp(native, join(folder, 'package', 'native'), { recursive: true, verbatimSymlinks: true })
  await writeFile(join(folder, 'package', 'package.json'), JSON.stringify({ version }))
  return join(folder, 'package', 'native')
}

async function uidOf(pid: number): Promise<number> {
  return (await stat(`/proc/${pid}`)).uid
}
