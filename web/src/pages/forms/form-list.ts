import type { components } from '../../api/schema.d.ts'
import { contains } from '../../i18n/contains.ts'

export type ListedForm = components['schemas']['CurrentForm']

export const orders = ['changed', 'name', 'created', 'submissions'] as const
export type Order = (typeof orders)[number]

/** What the list shows, as its address keeps it. */
export type ListState = {
  search: string
  order: Order
  /** Deleted forms instead of the others. */
  deleted: boolean
}

export const preset: ListState = { search: '', order: 'changed', deleted: false }

/** Reads an address; what makes no sense there is as if it were absent. */
export function listStateIn({ q, order, deleted }: Record<string, unknown>): ListState {
  return {
    search: typeof q === 'string' || typeof q === 'number' ? String(q) : preset.search,
    order: orders.find((each) => each === order) ?? preset.order,
    deleted: deleted === true,
  }
}

export type ListAddress = { q?: string; order?: Order; deleted?: true }

/** The members of the address for a state; what is preset is left out. */
export function addressOf({ search, order, deleted }: ListState): ListAddress {
  return {
    ...(search === preset.search ? {} : { q: search }),
    ...(order === preset.order ? {} : { order }),
    ...(deleted ? { deleted } : {}),
  }
}

/** When a form was changed last: itself, or its version by publishing. */
export function changedAt({ updatedAt, versionUpdatedAt }: ListedForm): string {
  return versionUpdatedAt !== null && versionUpdatedAt > updatedAt ? versionUpdatedAt : updatedAt
}

const compare: Record<Order, (a: ListedForm, b: ListedForm, locale: string) => number> = {
  changed: (a, b) => changedAt(b).localeCompare(changedAt(a)),
  name: (a, b, locale) => a.formName.localeCompare(b.formName, locale, { numeric: true }),
  created: (a, b) => b.createdAt.localeCompare(a.createdAt),
  submissions: (a, b) => b.submissionCount - a.submissionCount,
}

/** The forms that are searched for, by name, description, label or ID, in order; equal ones by name. */
export function shownForms(forms: ListedForm[], { search, order }: ListState, locale: string): ListedForm[] {
  return forms
    .filter(({ formName, description, labels, formId }) =>
      contains([formName, description ?? '', ...labels, formId].join(' '), search),
    )
    .sort((a, b) => compare[order](a, b, locale) || compare.name(a, b, locale))
}

/** Where a form's name leads: to what there is to do with it, for this person. */
export function mainPage({ permissions, version }: ListedForm) {
  if (version === null && permissions.includes('design_create')) return '/app/form/design' as const
  if (permissions.includes('submission_read')) return '/app/form/submissions' as const
  if (permissions.includes('design_read')) return '/app/form/preview' as const
  return undefined
}
