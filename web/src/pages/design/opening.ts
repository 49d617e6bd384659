import { answer, api } from '../../api/client.ts'
import type { components } from '../../api/schema.d.ts'
import type { Form } from '../../app/form.ts'
import { type Definition, isDefinition } from '../../frame/protocol.ts'
import { emptyDefinition } from './definition.ts'

export type DraftSummary = components['schemas']['DraftSummary']
export type VersionSummary = components['schemas']['VersionSummary']

/** What the designer's definition comes from, and so what a change of it is stored into. */
export type Base =
  | { kind: 'draft'; id: string; updatedAt: string }
  /** The first change makes a draft. */
  | { kind: 'version'; id: string; version: number; published: boolean }
  | { kind: 'nothing' }

export type Opening = {
  definition: Definition
  base: Base
  /** Who changed it last, and when. */
  by?: string | undefined
  at?: string
}

/** A name for a base, which changes when anybody changes it. */
export function baseName(base: Base): string {
  if (base.kind === 'nothing') return 'nothing'
  return base.kind === 'draft' ? `draft ${base.id} ${base.updatedAt}` : `version ${base.id}`
}

export const ofDraft = ({ id, updatedAt }: DraftSummary): Base => ({ kind: 'draft', id, updatedAt })
export const ofVersion = ({ id, version, published }: VersionSummary): Base => ({
  kind: 'version',
  id,
  version,
  published,
})

export const draftsOf = (formId: string) =>
  answer(api.GET('/app/api/v1/forms/{formId}/drafts', { params: { path: { formId } } }))

export const formOf = (formId: string) =>
  answer(api.GET('/app/api/v1/forms/{formId}', { params: { path: { formId } } }))

/**
 * Which draft or version the designer opens: the draft that was changed last, unless a version was published since then;
 * that one's draft is gone, and older drafts are in the history.
 */
export function chooseOpening(form: Form, drafts: DraftSummary[]): DraftSummary | VersionSummary | undefined {
  const versions = form.versions ?? []
  const published = versions.find((version) => version.published)
  const [draft] = [...drafts].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))
  if (draft && !(published && published.createdAt > draft.updatedAt)) return draft
  return published ?? draft ?? versions[0]
}

async function chooseOf(formId: string): Promise<DraftSummary | VersionSummary | undefined> {
  const [form, drafts] = await Promise.all([formOf(formId), draftsOf(formId)])
  return chooseOpening(form, drafts)
}

/** What the designer would open now, without its definition. */
export async function presentBase(formId: string): Promise<Base> {
  const chosen = await chooseOf(formId)
  if (!chosen) return { kind: 'nothing' }
  return 'version' in chosen ? ofVersion(chosen) : ofDraft(chosen)
}

export async function openDesign(formId: string): Promise<Opening> {
  const chosen = await chooseOf(formId)
  if (!chosen) return { definition: emptyDefinition(), base: { kind: 'nothing' } }
  return openOne(formId, chosen)
}

export async function openOne(formId: string, chosen: DraftSummary | VersionSummary): Promise<Opening> {
  if ('version' in chosen) {
    const definition = await versionDefinition(formId, chosen.id)
    return { definition, base: ofVersion(chosen), by: chosen.createdBy, at: chosen.createdAt }
  }
  const draft = await answer(
    api.GET('/app/api/v1/forms/{formId}/drafts/{formVersionDraftId}', {
      params: { path: { formId, formVersionDraftId: chosen.id } },
    }),
  )
  const { schema, createdBy, updatedBy, updatedAt } = draft
  return { definition: definitionOf(schema), base: ofDraft(draft), by: updatedBy ?? createdBy, at: updatedAt }
}

export async function versionDefinition(formId: string, formVersionId: string): Promise<Definition> {
  const version = await answer(
    api.GET('/app/api/v1/forms/{formId}/versions/{formVersionId}', { params: { path: { formId, formVersionId } } }),
  )
  return definitionOf(version.schema)
}

/** The server checks definitions before it stores them; the type of its answer does not say so. */
function definitionOf(schema: unknown): Definition {
  return isDefinition(schema) ? schema : emptyDefinition()
}
