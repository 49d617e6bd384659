import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { required, startTrial, text } from './trial.ts'

const deadlineMs = 1_000
const { validator, logged, verdictOn } = startTrial(deadlineMs)
beforeAll(() => validator.validate(ordinary, [{}]))
afterAll(async () => {
  await validator.close()
  expect(logged.filter((entry) => 'failure' in entry)).toEqual([])
})

const ordinary = {
  id: 'ordinary',
  schema: {
    components: [
      ...Array.from({ length: 20 }, (_, index) => text(`f${index}`)),
      text('last', { validate: { required: true, custom: "valid = input !== 'no'" } }),
    ],
  },
}

/** Beside every bomb stands a required field: the plain rules must still be checked. */
const withBomb = (more: object) => [text('a', more), text('b', required)]
const custom = (code: string) => withBomb({ validate: { custom: code } })
const nativeLoop = '"a".repeat(1e6).indexOf("a".repeat(5e5) + "b")'

describe('a definition cannot reach the server', () => {
  it.each([
    'process.env.SECRET_KEY',
    "this.constructor.constructor('return process')().env",
    "[].constructor.constructor('return process')().env",
    'globalThis.process.env',
    "require('node:fs').readFileSync('/etc/passwd')",
    'new WebAssembly.Module(1)',
    "fetch('http://127.0.0.1')",
    'std.getenv("HOME")',
    '(() => { throw { get message() { return this.constructor.constructor("return process")().env } } })()',
  ])('by %s', async (code) => {
    const verdict = await verdictOn(custom(`valid = String(${code})`), { a: 'x', b: 'y' })
    expect(verdict).toMatchObject({ kind: 'valid', skipped: [{ path: 'a', rule: 'custom' }] })
  })

  it('by import()', async () => {
    const verdict = await verdictOn(custom("valid = 'waiting'; import('node:fs').then(() => { valid = 'read' })"), {
      a: 'x',
      b: 'y',
    })
    expect(JSON.stringify(verdict)).not.toContain('read')
  })

  it('by JSON logic', async () => {
    const reach = {
      method: [{ method: [{ var: 'constructor.constructor' }, 'call', [null, 'return process']] }, 'call', []],
    }
    const verdict = await verdictOn(withBomb({ validate: { json: reach } }), { a: 'x', b: 'y' })
    expect(verdict).toMatchObject({ kind: 'valid', skipped: [{ rule: 'json' }] })
  })

  it('by a template in a label or a message', async () => {
    const label = '{{constructor.constructor("return process")}}{{component.constructor.name}}{{__proto__.x}}'
    const verdict = await verdictOn(
      [text('a', { label, validate: { required: true, customMessage: `${label}!` } })],
      {},
    )
    expect(verdict).toMatchObject({ errors: [{ message: '{{constructor.constructor("return process")}}!' }] })
  })

  it('by the keys __proto__ and constructor', async () => {
    const components = [
      text('__proto__'),
      text('constructor', required),
      { type: 'container', key: 'prototype', components: [text('x')] },
    ]
    const verdict = await verdictOn(components, JSON.parse('{"__proto__": {"x": 1}}'))
    expect(verdict).toMatchObject({ kind: 'invalid', errors: [{ path: '__proto__' }, { path: 'constructor' }] })
  })

  it('and its scripts never meet another form or another submission', async () => {
    await verdictOn(custom('Object.prototype.leak = data.a; globalThis.leak = data.a; Array.prototype.map = null'), {
      a: 'secret',
    })
    const verdict = await verdictOn(custom('valid = String(globalThis.leak) + String({}.leak)'), { a: 'x', b: 'y' })
    expect(verdict).toMatchObject({ errors: [{ message: 'undefinedundefined' }] })
  })
})

it('sends no request for a select with a URL', async () => {
  let requests = 0
  const server = createServer((_, response) => {
    requests += 1
    response.end('[]')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on TCP
  const data = { url: `http://127.0.0.1:${port}/{{data.a}}` }
  const select = (type: string) => ({
    type,
    key: type,
    input: true,
    dataSrc: 'url',
    data,
    searchField: 'x',
    validate: { select: true, onlyAvailableItems: true },
  })
  const source = {
    type: 'datasource',
    key: 'd',
    input: true,
    trigger: { init: true, server: true },
    fetch: { url: data.url },
  }
  const verdict = await verdictOn([select('select'), select('radio'), select('selectboxes'), source], {
    select: 'x',
    radio: 'x',
    selectboxes: { x: true },
  })
  expect(verdict.kind).toBe('valid')
  expect(requests).toBe(0)
  await new Promise((resolve) => server.close(resolve))
})

const bombs: [string, object[]][] = [
  ['a script that loops', custom('for (;;);')],
  ['a script that fills memory', custom('const a = []; for (;;) a.push(new Array(1e4).fill(a))')],
  ['a script that recurses', custom('(function f() { f() })()')],
  ['a script within a native loop', custom(nativeLoop)],
  ['a condition that loops', [text('a', { ...required, customConditional: 'while (true) {}' }), text('b', required)]],
  ['a pattern bomb', withBomb({ validate: { pattern: '(a+)+$' } })],
  ['a nested pattern bomb', withBomb({ validate: { pattern: '(?=(a+))((a|a)*)*b' } })],
  [
    'JSON logic without end',
    withBomb({
      validate: {
        json: { map: [Array(400).fill(0), { map: [Array(400).fill(0), { map: [Array(400).fill(0), 1] }] }] },
      },
    }),
  ],
]

/** How long each of many calls for an ordinary form took, one after another, the quickest first. */
async function timesOf(calls: number): Promise<number[]> {
  const times: number[] = []
  for (let call = 0; call < calls; call += 1) {
    const begun = performance.now()
    const [verdict] = await validator.validate(ordinary, [{ last: '' }])
    times.push(performance.now() - begun)
    expect(verdict).toMatchObject({ kind: 'invalid' })
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return times.sort((a, b) => a - b)
}

describe('bombs', () => {
  it.each(bombs)('%s is skipped, and the other rules are still checked', async (_, components) => {
    const verdict = await verdictOn(components, { a: `${'a'.repeat(50)}!`, b: '' })
    expect(verdict).toMatchObject({
      kind: 'invalid',
      errors: [{ path: 'b', message: 'B is required' }],
      skipped: [{ path: 'a' }],
    })
  })

  it('in a calculated value never run: what was sent is what is stored', async () => {
    const loops = { calculateValue: 'for (;;);', customDefaultValue: 'for (;;);', calculateServer: true }
    // Had one run, it would have ended as a skipped rule.
    expect(await verdictOn([text('a', loops)], { a: 'x' })).toEqual({ kind: 'valid', skipped: [] })
  })

  it('in each row of a grid end with the budget', async () => {
    const grid = { type: 'datagrid', key: 'g', input: true, components: custom('for (;;);') }
    const begun = performance.now()
    const verdict = await verdictOn([grid], { g: Array(5_000).fill({ a: 'x', b: 'y' }) })
    expect(verdict.kind).toBe('valid')
    // Without the budget, 5,000 rows of 25 ms would take two minutes.
    expect(performance.now() - begun).toBeLessThan(10_000)
  })

  it('delay other forms by less than the time that one of them may take', { timeout: 60_000 }, async () => {
    const answers = { a: `${'a'.repeat(50)}!`, b: '' }
    const sleepers = [1, 2, 3, 4].map((copy) => ({
      id: `sleeper${copy}`,
      schema: { components: custom(`if (data.b) ${nativeLoop}`) },
    }))
    for (const sleeper of sleepers) await validator.validate(sleeper, [{}])
    const waiting = bombs.flatMap(([name, components]) =>
      [1, 2, 3].map((copy) => validator.validate({ id: `${name}${copy}`, schema: { components } }, [answers])),
    )
    const woken = sleepers.map((sleeper) => validator.validate(sleeper, [answers, { b: 'x' }]))
    const times = await timesOf(60)
    await Promise.all([...waiting, ...woken])
    // Behind the two dozen bombs, each of which is stopped after a second, an ordinary form would wait for many. Single
    // calls may be slow on a busy machine.
    expect(times[Math.floor(times.length * 0.9)]).toBeLessThan(1000)
  })
})
