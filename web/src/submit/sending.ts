import type { Answers } from '../frame/protocol.ts'
import type { Api, Submission } from './api.ts'
import { type SeenDraft, submitDraft } from './drafts.ts'

/**
 * Sends answers so that however often a sending is repeated they become one submission: all attempts of a series carry one
 * Idempotency-Key, also those after a reload.
 */
export function sending(api: Api, formId: string, versionId: string, keptKey: string | undefined) {
  let key = keptKey ?? newKey()
  let busy = false
  return {
    get key() {
      return key
    },
    get busy() {
      return busy
    },
    /** Begins another series: what is sent then is another submission. */
    renew() {
      key = newKey()
    },
    async send(answers: Answers, draft: SeenDraft | undefined): Promise<Submission> {
      busy = true
      try {
        if (draft) return await submitDraft(api, draft, answers)
        return await api<Submission>(`/app/api/v1/forms/${formId}/versions/${versionId}/submissions`, {
          method: 'POST',
          headers: { 'idempotency-key': key },
          body: { draft: false, submission: { data: answers } },
        })
      } finally {
        busy = false
      }
    },
  }
}

/** `randomUUID` is there in secure contexts only; this key need not be secret. */
function newKey(): string {
  return crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint32Array(4))].join('-')
}
