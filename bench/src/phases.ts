/** A V8 CPU profile as `node --cpu-prof` writes it; times are in µs. */
export type CpuProfile = {
  nodes: { id: number; callFrame: { functionName: string; url: string }; children?: number[] }[]
  samples: number[]
  timeDeltas: number[]
}

type Rule = { phase: string; matches: RegExp }

/** By the file of the code that runs; the first that matches counts. */
const rules: Rule[] = [
  {
    phase: 'PostgreSQL: pool, statement, decoding',
    matches: /node_modules\/(pg|postgres)-?[a-z]*\/|server\/src\/db\//,
  },
  { phase: 'log', matches: /node_modules\/(pino|sonic-boom)|fastify\/lib\/log/ },
  {
    phase: 'validation of parameters',
    matches: /fastify\/lib\/validation|node_modules\/@fastify\/ajv|node_modules\/ajv/,
  },
  { phase: 'router and Fastify', matches: /node_modules\/(fastify|find-my-way|secure-json-parse|fast-)/ },
  { phase: 'Basic, key and its hash', matches: /access\/basic|api-keys\/|internal\/crypto/ },
  { phase: 'rate limit', matches: /server\/src\/rate-limit\// },
  { phase: 'guard', matches: /server\/src\/access\// },
  {
    phase: 'our hooks, headers and problems',
    matches: /server\/src\/(http\/(?!json-text|stream)|problem|people\/session)/,
  },
  { phase: 'the reply’s text', matches: /server\/src\// },
  { phase: 'HTTP: parsing, head and writing', matches: /^node:_http/ },
]

/** Sockets serve HTTP and the database alike, so this counts only where nobody above has a rule. */
const sockets: Rule = {
  phase: 'sockets: events of reading and writing',
  matches: /^node:(net|internal\/(stream_base|streams))/,
}

const byName = new Map([
  ['(idle)', 'idle'],
  ['(garbage collector)', 'garbage collection'],
  ['(program)', 'native code outside JavaScript'],
  ['runMicrotasks', 'promises and ticks'],
  ['processTicksAndRejections', 'promises and ticks'],
])

/**
 * How much of the busy time each phase took. A frame without a rule (a built-in, an event emitter) counts to whoever called
 * it, so that writing to a socket counts to the database's driver or to HTTP.
 * @param from the share of the profile that is left out at its beginning
 * @returns shares of 1, the largest first
 */
export function phasesOf({ nodes, samples, timeDeltas }: CpuProfile, from: number): [phase: string, share: number][] {
  const phaseOfNode = phasesByNode(nodes)
  const spent = new Map<string, number>()
  let busy = 0
  for (let place = Math.floor(samples.length * from); place < samples.length; place++) {
    const phase = phaseOfNode.get(samples[place] ?? 0) ?? 'other'
    const time = timeDeltas[place] ?? 0
    if (phase === 'idle') continue
    busy += time
    spent.set(phase, (spent.get(phase) ?? 0) + time)
  }
  return [...spent]
    .map(([phase, time]): [string, number] => [phase, time / busy])
    .sort((left, right) => right[1] - left[1])
}

/** Parents come before their children in a profile. */
function phasesByNode(nodes: CpuProfile['nodes']): Map<number, string> {
  const phases = new Map<number, string>()
  for (const { id, callFrame, children = [] } of nodes) {
    const phase = phaseOfFrame(callFrame) ?? phases.get(id) ?? fallback(callFrame)
    if (phase === undefined) continue
    phases.set(id, phase)
    for (const child of children) phases.set(child, phase)
  }
  return phases
}

type Frame = CpuProfile['nodes'][number]['callFrame']

function phaseOfFrame({ functionName, url }: Frame): string | undefined {
  return byName.get(functionName) ?? rules.find(({ matches }) => matches.test(url))?.phase
}

function fallback({ url }: Frame): string | undefined {
  return sockets.matches.test(url) ? sockets.phase : undefined
}
