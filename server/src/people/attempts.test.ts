import { beforeEach, describe, expect, it } from 'vitest'
import { Problem, problems } from '../problem.ts'
import { limiterOn } from '../rate-limit/limiter.ts'
import { memoryStore } from '../rate-limit/memory-store.ts'
import { type Attempts, attemptsOn } from './attempts.ts'

const window = 15 * 60 * 1000
let now: number
let attempts: Attempts
beforeEach(() => {
  now = 0
  attempts = attemptsOn(limiterOn(memoryStore(() => now)))
})

const fails = async () => {
  throw problems.wrongPassword()
}
const succeeds = async () => 'in'

/** The status of a try at a password, 200 if it succeeds. */
async function attempt(
  email: string,
  { ip = '192.0.2.1', run = fails as () => Promise<unknown> } = {},
): Promise<number> {
  try {
    await attempts.atPassword(ip, email, run)
    return 200
  } catch (error) {
    return error instanceof Problem ? error.status : 500
  }
}

async function repeat(times: number, act: (n: number) => Promise<number>): Promise<number[]> {
  const statuses: number[] = []
  for (let n = 0; n < times; n++) statuses.push(await act(n))
  return statuses
}

describe('tries at passwords', () => {
  it('are refused after ten failures for one account, the right password too', async () => {
    expect(new Set(await repeat(10, () => attempt('ada')))).toEqual(new Set([401]))
    expect(await attempt('ada', { run: succeeds })).toBe(429)
  })

  it('count for the account from every address', async () => {
    await repeat(10, (n) => attempt('ada', { ip: `192.0.2.${n}` }))
    expect(await attempt('ada', { ip: '198.51.100.1' })).toBe(429)
  })

  it('count for the account in whatever case it is written', async () => {
    await repeat(10, () => attempt('ada'))
    expect(await attempt('ADA')).toBe(429)
  })

  it('are free again when the window is over', async () => {
    await repeat(11, () => attempt('ada'))
    now += window + 1
    expect(await attempt('ada', { run: succeeds })).toBe(200)
  })

  it('do not count when they succeed', async () => {
    expect(new Set(await repeat(100, () => attempt('ada', { run: succeeds })))).toEqual(new Set([200]))
  })

  it('do not count when the fault is ours', async () => {
    const breaks = () => Promise.reject(new Error('The database is gone.'))
    await repeat(20, () => attempt('ada', { run: breaks }))
    expect(await attempt('ada', { run: succeeds })).toBe(200)
  })

  it('count while they are under way', async () => {
    const statuses = await Promise.all(Array.from({ length: 30 }, () => attempt('ada')))
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
  })

  it('at one account do not lock another out that shares the address', async () => {
    await repeat(100, () => attempt('nobody'))
    expect(await attempt('ada', { run: succeeds })).toBe(200)
  })

  it('are refused after 50 failures from one address, and the account gets its unit back', async () => {
    await repeat(50, (n) => attempt(`nobody${n}`))
    expect(new Set(await repeat(20, () => attempt('ada', { run: succeeds })))).toEqual(new Set([429]))
    expect(await attempt('ada', { ip: '198.51.100.1', run: succeeds })).toBe(200)
  })

  it('count for the whole /64 of an IPv6 address', async () => {
    await repeat(50, (n) => attempt(`nobody${n}`, { ip: `2001:db8:1:2::${n}` }))
    expect(await attempt('ada', { ip: '2001:db8:1:2:ffff::1' })).toBe(429)
    expect(await attempt('ada', { ip: '2001:db8:1:3::1' })).toBe(401)
  })

  it('that are refused name the limit and when to try again', async () => {
    await repeat(10, () => attempt('ada'))
    now += 60_000
    await expect(attempts.atPassword('192.0.2.1', 'ada', succeeds)).rejects.toMatchObject({
      code: 'rate_limited',
      headers: { 'Retry-After': '840' },
      quota: { policy: 'passwords', limit: { max: 10, windowMs: 900_000 }, remaining: 0, resetSeconds: 840 },
    })
  })
})

it('refuses tries with links after 50 wrong ones from an address', async () => {
  await repeat(50, async () => attempts.atLink('192.0.2.1', fails).then(Number, () => 0))
  await expect(attempts.atLink('192.0.2.1', succeeds)).rejects.toMatchObject({ status: 429 })
  expect(await attempts.atLink('192.0.2.2', succeeds)).toBe('in')
})

it('refuses a person’s 61st invitation within an hour', async () => {
  for (let n = 0; n < 60; n++) await attempts.invitation('ada')
  await expect(attempts.invitation('ada')).rejects.toMatchObject({ status: 429 })
})
