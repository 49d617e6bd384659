/** What the table of submissions shows, as its address keeps it. */
export type TableState = {
  /** Counts from 1. */
  page: number
  size: PageSize
  /** A column's key; newest first when absent. */
  sort?: string | undefined
  descending: boolean
  search: string
  /** The number of a version; all of them when absent. */
  version?: number | undefined
  /** Days such as `2026-11-24`, in the reader's time zone. */
  from?: string | undefined
  to?: string | undefined
  /** Deleted submissions instead of the others. */
  deleted: boolean
  /** Drafts that were never submitted too. */
  drafts: boolean
  /** Only what is assigned to the reader. */
  mine: boolean
  /** Test submissions instead of live ones. */
  test: boolean
}

export const pageSizes = [10, 25, 50, 100] as const
export type PageSize = (typeof pageSizes)[number]
const pageMax = 1_000_000
const searchMax = 200

const preset: TableState = {
  page: 1,
  size: 25,
  descending: false,
  search: '',
  deleted: false,
  drafts: false,
  mine: false,
  test: false,
}

/** Reads an address; what makes no sense there is as if it were absent. */
export function tableStateIn(search: Record<string, unknown>): TableState {
  const { page, size, sort, desc, q, v, from, to } = search
  return {
    page: whole(page, pageMax) ?? preset.page,
    size: pageSizes.find((each) => each === size) ?? preset.size,
    sort: typeof sort === 'string' && sort !== '' ? sort : undefined,
    descending: desc === true,
    search: typeof q === 'string' || typeof q === 'number' ? String(q).slice(0, searchMax) : '',
    version: whole(v, 2_147_483_647),
    from: day(from),
    to: day(to),
    deleted: search.deleted === true,
    drafts: search.drafts === true,
    mine: search.mine === true,
    test: search.test === true,
  }
}

/** The members of the address for a state; what is preset is left out, so that a plain table has a plain address. */
export function addressOf(state: TableState): Record<string, unknown> {
  return {
    ...(state.page === preset.page ? {} : { page: state.page }),
    ...(state.size === preset.size ? {} : { size: state.size }),
    ...(state.sort === undefined ? {} : { sort: state.sort, ...(state.descending ? { desc: true } : {}) }),
    ...(state.search === '' ? {} : { q: state.search }),
    ...(state.version === undefined ? {} : { v: state.version }),
    ...(state.from === undefined ? {} : { from: state.from }),
    ...(state.to === undefined ? {} : { to: state.to }),
    ...(state.deleted ? { deleted: true } : {}),
    ...(state.drafts ? { drafts: true } : {}),
    ...(state.mine ? { mine: true } : {}),
    ...(state.test ? { test: true } : {}),
  }
}

/** Whatever narrows or reorders the list begins at its first page. */
export function changed(state: TableState, change: Partial<TableState>): TableState {
  return { ...state, page: 1, ...change }
}

/** A column's button: upwards, then downwards, then the newest first again. */
export function sortedBy(state: TableState, key: string): TableState {
  if (state.sort !== key) return changed(state, { sort: key, descending: false })
  if (!state.descending) return changed(state, { descending: true })
  return changed(state, { sort: undefined, descending: false })
}

export function isNarrowed(state: TableState): boolean {
  const { search, version, from, to, mine } = state
  return search !== '' || mine || [version, from, to].some((each) => each !== undefined)
}

export function withoutFilters(state: TableState): TableState {
  return changed(state, { search: '', version: undefined, from: undefined, to: undefined, mine: false })
}

/** The range of times that two days make, in the reader's time zone; undefined when neither is given. */
export function createdBetween({ from, to }: Pick<TableState, 'from' | 'to'>): [string, string] | undefined {
  if (from === undefined && to === undefined) return undefined
  const first = from === undefined ? new Date(0) : new Date(`${from}T00:00:00`)
  const last = to === undefined ? new Date('9999-12-31T00:00:00Z') : new Date(`${to}T23:59:59.999`)
  return [first.toISOString(), last.toISOString()]
}

function whole(value: unknown, max: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max ? value : undefined
}

function day(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined
  return Number.isNaN(new Date(`${value}T00:00:00`).getTime()) ? undefined : value
}
