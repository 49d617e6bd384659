import { answer, api } from '../../api/client.ts'
import { ApiProblem } from '../../api/problem.ts'
import { definitionCharactersMax } from './definition.ts'
import { type Base, baseName, type DraftSummary, presentBase } from './opening.ts'

const changedMeanwhile = { code: 'changed_meanwhile', title: 'Changed meanwhile', status: 412 }

/** Stores a definition's JSON text into its draft, or as a new draft when it has none yet. */
export async function storeDesign(formId: string, base: Base, text: string): Promise<DraftSummary> {
  if (text.length > definitionCharactersMax) {
    throw new ApiProblem({ code: 'body_too_large', title: 'The definition is too large', status: 413 })
  }
  if (base.kind !== 'draft') {
    // Two people who open the same version would each begin a draft, and one of them would not see the other's.
    if (baseName(await presentBase(formId)) !== baseName(base)) throw new ApiProblem(changedMeanwhile)
    return addDraft(formId, text, base.kind === 'version' ? base.id : null)
  }
  return answer(
    api.PUT('/app/api/v1/forms/{formId}/drafts/{formVersionDraftId}', {
      params: {
        path: { formId, formVersionDraftId: base.id },
        header: { 'If-Match': `"${base.updatedAt}"` },
      },
      ...bodyOf(text, {}),
    }),
  )
}

export function addDraft(formId: string, text: string, formVersionId: string | null): Promise<DraftSummary> {
  return answer(
    api.POST('/app/api/v1/forms/{formId}/drafts', {
      params: { path: { formId } },
      ...bodyOf(text, { formVersionId }),
    }),
  )
}

/** The text was made by `JSON.stringify` here, so it can be sent as it is instead of being parsed and written again. */
function bodyOf(text: string, members: { formVersionId?: string | null }) {
  const rest = JSON.stringify(members).slice(1, -1)
  return {
    body: { schema: { components: [] }, ...members },
    bodySerializer: () => `{"schema":${text}${rest ? `,${rest}` : ''}}`,
    // A small definition still goes out when the tab is closed; browsers allow no more than 64 KB for that.
    keepalive: text.length < 20_000,
  }
}

/** Publishes what the designer shows, and nothing that somebody else stored meanwhile. */
export async function publishBase(formId: string, base: Base): Promise<void> {
  if (base.kind === 'draft') {
    await answer(
      api.POST('/app/api/v1/forms/{formId}/drafts/{formVersionDraftId}/publish', {
        params: {
          path: { formId, formVersionDraftId: base.id },
          header: { 'If-Match': `"${base.updatedAt}"` },
        },
      }),
    )
  } else if (base.kind === 'version') await setPublished(formId, base.id, true)
}

export function setPublished(formId: string, formVersionId: string, published: boolean) {
  return answer(
    api.POST('/app/api/v1/forms/{formId}/versions/{formVersionId}/publish', {
      params: { path: { formId, formVersionId }, query: published ? {} : { unpublish: true } },
    }),
  )
}

/** Somebody else changed the draft, or it is gone: published or deleted. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiProblem && (error.problem.status === 412 || error.problem.status === 404)
}

/** No answer, too many requests, or a mistake of the server. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return false
  const { status } = error.problem
  return status === 0 || status === 429 || status >= 500
}
