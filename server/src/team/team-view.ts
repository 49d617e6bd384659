import { scheduleState } from '../forms/schedule.ts'
import type { CodeRow, ListedFormRow, MemberRow, TeamFormRow } from './team.queries.ts'

/** A person as the contract shows one. We keep one name; its last word stands in for a last name. */
export function toPerson({ id, email, name }: { id: string; email: string; name: string }) {
  const words = name.trim().split(/\s+/)
  const lastName = words.length > 1 ? (words.at(-1) ?? '') : ''
  const firstName = words.slice(0, Math.max(1, words.length - 1)).join(' ')
  return { idpUserId: id, username: email, firstName, fullName: name, lastName, email }
}

export function toForm(form: TeamFormRow, { roles, permissions }: { roles: string[]; permissions: string[] }) {
  return {
    formId: form.id,
    formName: form.name,
    labels: form.labels,
    active: form.active,
    identityProviders: form.identity_providers,
    idps: form.identity_providers,
    formVersionId: form.form_version_id,
    version: form.version,
    published: form.published,
    versionUpdatedAt: form.version_updated_at?.toISOString() ?? null,
    roles,
    permissions,
  }
}

/** A form in somebody's list, with what tells them whether to open it. */
export function toListedForm(form: ListedFormRow, now: number) {
  return {
    ...toForm(form, form),
    description: form.description,
    submissionCount: form.submission_count,
    scheduleState: scheduleState(form.schedule ?? {}, now).kind,
    createdAt: form.created_at.toISOString(),
    updatedAt: form.updated_at.toISOString(),
  }
}

export function toMember(form: TeamFormRow, member: MemberRow) {
  return { userId: member.id, ...toPerson(member), ...toForm(form, member) }
}

export type MemberFilter = {
  userId?: string
  idpUserId?: string
  username?: string
  fullName?: string
  firstName?: string
  lastName?: string
  email?: string
  roles?: string
  permissions?: string
}

/** Whether a member is asked for: ids exactly, names and addresses by a part of them, codes if one of them is there. */
export function matches(member: ReturnType<typeof toMember>, filter: MemberFilter): boolean {
  const ids = [filter.userId, filter.idpUserId].filter((id) => id !== undefined)
  const parts = ['username', 'fullName', 'firstName', 'lastName', 'email'] as const
  return (
    ids.every((id) => id.toLowerCase() === member.userId) &&
    parts.every((name) => member[name].toLowerCase().includes(filter[name]?.toLowerCase() ?? '')) &&
    hasOneOf(member.roles, filter.roles) &&
    hasOneOf(member.permissions, filter.permissions)
  )
}

function hasOneOf(codes: string[], wanted: string | undefined): boolean {
  return wanted === undefined || wanted.split(',').some((code) => codes.includes(code.trim()))
}

/** A role or a permission; ours never go out of use. */
export function toCode({ code, display, description }: CodeRow) {
  return { code, display, description, active: true }
}
