import { parentPort } from 'node:worker_threads'
import { checkAnswers } from './check-answers.ts'
import { checkDefinition, isRecord } from './definition.ts'
import { noExpressions } from './expressions.ts'
import { type Form, layOut } from './field.ts'
import { disarmLibrary } from './messages.ts'
import { type Budget, type Sandbox, sandboxFor } from './sandbox.ts'
import { type Job, type Mode, type Reply, unchecked } from './trip.ts'
import type { Verdict } from './verdict.ts'

/** After this long a worker hands back what it has, so that others get their turn. */
const sliceMs = 50
const budgets: Record<Exclude<Mode, 'plain'>, Budget> = {
  quick: { expressionMs: 25, submissionMs: 40 },
  full: { expressionMs: 50, submissionMs: 250 },
}

/** Sandboxes that hold a guest's memory: an author may fill it, so only those used last keep theirs. */
const maxAwake = 8
const awake = new Set<Sandbox>()

function wake(sandbox: Sandbox): void {
  awake.delete(sandbox)
  awake.add(sandbox)
  const [oldest] = awake
  if (awake.size <= maxAwake || !oldest) return
  oldest.rest()
  awake.delete(oldest)
}

type Known = { form: Form | undefined; sandbox: Sandbox | undefined; problem: string }
const known = new Map<string, Known>()

/** The library reports to the console, answers included. */
function silenceConsole(): void {
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) console[method] = () => {}
}

function learn(schema: string): Known {
  try {
    const value: unknown = JSON.parse(schema)
    const check = checkDefinition(value)
    if (check.kind === 'bad') return { form: undefined, sandbox: undefined, problem: check.message }
    return { form: layOut(isRecord(value) ? value : {}), sandbox: sandboxFor(schema), problem: '' }
  } catch {
    return { form: undefined, sandbox: undefined, problem: 'The form definition cannot be read' }
  }
}

function forget(version: string): void {
  const sandbox = known.get(version)?.sandbox
  sandbox?.rest()
  if (sandbox) awake.delete(sandbox)
  known.delete(version)
}

function run(job: Job): Reply {
  job.forget.forEach(forget)
  if (job.schema !== undefined) known.set(job.version, learn(job.schema))
  const version = known.get(job.version) ?? {
    form: undefined,
    sandbox: undefined,
    problem: 'The form definition is missing',
  }
  const reply: Reply = { verdicts: [], needsFull: false, failure: undefined }
  const end = performance.now() + sliceMs
  for (const answers of job.answers) {
    const verdict = safely(reply, () => check(version, answers, job))
    if (verdict === undefined) return { ...reply, needsFull: true }
    reply.verdicts.push(verdict)
    if (performance.now() > end) break
  }
  return reply
}

/** Answers can be odd beyond what we thought of; then they are accepted, and the operator learns the kind of error. */
function safely(reply: Reply, run: () => Verdict | undefined): Verdict | undefined {
  try {
    return run()
  } catch (error) {
    reply.failure = error instanceof Error ? error.name : 'Error'
    return unchecked('checking this submission failed')
  }
}

/** Nothing when the quick budget was not enough: the verdict would leave out rules that can be checked. */
function check({ form, sandbox, problem }: Known, answers: string, { mode, draft }: Job): Verdict | undefined {
  if (!form || !sandbox) return { kind: 'valid', skipped: [{ path: '', rule: 'definition', reason: problem }] }
  if (mode === 'plain') return checkAnswers({ form, expressions: noExpressions }, JSON.parse(answers), draft)
  wake(sandbox)
  sandbox.open(answers, budgets[mode])
  const verdict = checkAnswers({ form, expressions: sandbox }, JSON.parse(answers), draft)
  return mode === 'quick' && sandbox.timedOut() ? undefined : verdict
}

silenceConsole()
disarmLibrary()
// One job at a time: the pool sends the next only after the reply.
parentPort?.on('message', (job: Job) => parentPort?.postMessage(run(job)))
parentPort?.postMessage('ready')
