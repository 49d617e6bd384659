import { openStatements, type RunStatement } from '../db/database.ts'
import { type Regular, regularly } from '../regularly.ts'
import { inBatches } from './batches.ts'
import type { RateLimit, RateLimitWindow, SharedStore } from './rate-limit.ts'
import {
  deleteEndedWindows,
  findWindow,
  returnUnits,
  takeUnits,
  type UnitsReturned,
  type UnitsTaken,
} from './rate-limit-windows.queries.ts'

type Take = { key: string; limit: RateLimit }

/** Two connections: one statement that takes, and one for all else. A pool that the app keeps busy delays neither. */
const connections = { poolSize: 2, applicationName: 'formgate-limits', timeoutMs: 1000 }
const deleteEveryMs = 10_000
const deletedAtOnce = 1000

/** Counts in PostgreSQL, by the server's clock. All takes of this process that come at once are one statement. */
export function postgresStore(url: string): SharedStore {
  const { run, close } = openStatements(url, connections)
  const take = inBatches<Take, RateLimitWindow>((takes) => takeAll(run, takes))
  const giveBack = inBatches<UnitsReturned, undefined>((returned) => giveAllBack(run, returned))
  const tidying = tidyingOf(run)
  tidying.start()
  return {
    name: 'postgres',
    take: (key, limit) => take({ key, limit }),
    giveBack: (key, windowId) => giveBack({ key, windowId, units: 1 }),
    peek: (key) => findWindow(run, key),
    async close() {
      await tidying.stop()
      await close()
    },
  }
}

/** A failure is silent: whether the store can be reached is known from those who count, and ended windows do no harm. */
function tidyingOf(run: RunStatement): Regular {
  const tidy = async () => {
    while ((await deleteEndedWindows(run, deletedAtOnce)) === deletedAtOnce);
  }
  return regularly(deleteEveryMs, tidy, () => undefined)
}

async function takeAll(run: RunStatement, takes: Take[]): Promise<RateLimitWindow[]> {
  const answers: RateLimitWindow[] = []
  for (let places = [...takes.keys()]; places.length > 0; ) {
    const { groups, rest } = grouped(takes, places)
    const taken = await takeUnits(run, [...groups.values()].map(toAsked))
    for (const each of taken) answer(each, groups.get(each.key)?.places ?? [], answers)
    places = rest
  }
  return answers
}

type Group = Take & { places: number[] }

/** One group for each key; a key that is asked for under two limits at once has to wait with the second. */
function grouped(takes: Take[], places: number[]): { groups: Map<string, Group>; rest: number[] } {
  const groups = new Map<string, Group>()
  const rest = places.filter((place) => {
    const take = takes[place]
    if (!take) return false
    const group = groups.get(take.key)
    if (!group) groups.set(take.key, { ...take, places: [place] })
    else if (group.limit.max === take.limit.max && group.limit.windowMs === take.limit.windowMs)
      group.places.push(place)
    else return true
    return false
  })
  return { groups, rest }
}

function toAsked({ key, limit: { max, windowMs }, places }: Group) {
  return { key, max, windowMs, units: places.length }
}

/** Each caller gets its own count: first those who were admitted, then one more than fits for all the others. */
function answer({ id, count, admitted, endsInMs }: UnitsTaken, places: number[], answers: RateLimitWindow[]): void {
  const before = count - admitted
  for (const [turn, place] of places.entries()) {
    answers[place] = { id, count: before + Math.min(turn, admitted) + 1, endsInMs }
  }
}

async function giveAllBack(run: RunStatement, returned: UnitsReturned[]): Promise<undefined[]> {
  for (let left = returned; left.length > 0; ) {
    const windows = new Map<string, UnitsReturned>()
    left = left.filter((unit) => {
      const window = windows.get(unit.key) ?? { ...unit, units: 0 }
      windows.set(unit.key, window)
      if (window.windowId !== unit.windowId) return true
      window.units += unit.units
      return false
    })
    await returnUnits(run, [...windows.values()])
  }
  return returned.map(() => undefined)
}
