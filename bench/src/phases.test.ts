import { expect, it } from 'vitest'
import { type CpuProfile, phasesOf } from './phases.ts'

type Node = CpuProfile['nodes'][number]

function node(id: number, functionName: string, url: string, ...children: number[]): Node {
  return { id, callFrame: { functionName, url }, children }
}

const profile: CpuProfile = {
  nodes: [
    node(1, '(root)', '', 2, 3, 6),
    node(2, '(idle)', ''),
    node(3, 'query', 'file:///app/node_modules/pg/lib/client.js', 4),
    node(4, 'emit', 'node:events', 5),
    node(5, 'writev', ''),
    node(6, 'guard', 'file:///app/server/src/access/guard.ts', 7),
    node(7, 'take', 'file:///app/server/src/rate-limit/limits.ts'),
  ],
  samples: [5, 2, 7, 5, 6],
  timeDeltas: [1000, 50, 10, 30, 60],
}

it('counts a built-in to whoever called it, and leaves idling and the beginning out', () => {
  expect(phasesOf(profile, 0.2)).toEqual([
    ['guard', 0.6],
    ['PostgreSQL: pool, statement, decoding', 0.3],
    ['rate limit', 0.1],
  ])
})

/** The phases of a profile in which one stack ran all the time, outermost frame first. */
function phasesOfStack(...frames: [functionName: string, url: string][]): string[] {
  const nodes = frames.map(([functionName, url], place) => node(place + 1, functionName, url, place + 2))
  return phasesOf({ nodes, samples: [frames.length], timeDeltas: [10] }, 0).map(([phase]) => phase)
}

const write: [string, string][] = [
  ['Writable.write', 'node:internal/streams/writable'],
  ['Socket._write', 'node:net'],
  ['writev', ''],
]

it.each([
  ['the database’s driver', 'file:///app/node_modules/pg/lib/connection.js', 'PostgreSQL: pool, statement, decoding'],
  ['an HTTP reply', 'node:_http_outgoing', 'HTTP: parsing, head and writing'],
])('counts the writing to a socket to %s when that writes', (_, url, phase) => {
  expect(phasesOfStack(['write', url], ...write)).toEqual([phase])
})

it('names what a socket does when nobody called it', () => {
  expect(phasesOfStack(['(root)', ''], ...write)).toEqual(['sockets: events of reading and writing'])
})

it('takes no function for a phase because every object has one of its name', () => {
  expect(phasesOfStack(['guard', 'file:///app/server/src/access/guard.ts'], ['toString', 'node:buffer'])).toEqual([
    'guard',
  ])
})
