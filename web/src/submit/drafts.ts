import { ApiProblem } from '../api/problem.ts'
import type { Answers } from '../frame/protocol.ts'
import type { Api, OwnSubmission, Submission, SubmissionWithForm } from './api.ts'
import { asProblem } from './api.ts'
import { ask } from './dialog.ts'
import { button, make, show } from './dom.ts'
import type { Filling } from './fill-in.ts'
import { addressOf } from './place.ts'
import { sameAnswers } from './same-answers.ts'
import { t } from './texts.ts'

/** A person's other drafts of this form, newest first, to go on with or to delete. */
export async function listDrafts({ api, form, place, format }: Filling): Promise<HTMLElement | undefined> {
  const address = `/app/api/v1/rbac/current/submissions?formId=${form.id}`
  // Without the list the form can be filled in all the same.
  const own = await api<OwnSubmission[]>(address).catch(() => [])
  const drafts = own.filter((each) => each.draft && each.formSubmissionId !== place.draftId)
  if (drafts.length === 0) return undefined
  const list = make('ul', {})
  const box = make('section', { class: 'fill-drafts', 'aria-labelledby': 'drafts-title' })
  box.append(make('h2', { id: 'drafts-title', class: 'h5' }, t('draftsTitle')), list)
  for (const draft of drafts) {
    const time = format.dateTime(draft.updatedAt)
    const name = t('draftFrom', { time })
    const item = make('li', {})
    const remove = async () => {
      const sure = await ask({
        title: t('draftDeleteTitle'),
        text: t('draftDeleteText', { time }),
        yes: t('delete'),
        no: t('cancel'),
      })
      if (!sure) return
      await api(`/app/api/v1/submissions/${draft.formSubmissionId}`, { method: 'DELETE' })
        .then(() => item.remove())
        .catch(() => item.append(make('span', { role: 'alert', class: 'text-danger' }, t('draftNotDeleted'))))
      show(box, list.childElementCount > 0)
    }
    const label = (action: string) => ({ 'aria-label': `${action}: ${name}` })
    item.append(
      make('span', {}, name),
      make('a', { href: addressOf(place, draft.formSubmissionId), ...label(t('draftContinue')) }, t('draftContinue')),
    )
    if (draft.permissions.includes('submission_delete'))
      item.append(button(t('delete'), 'outline-secondary btn-sm', () => void remove(), label(t('delete'))))
    list.append(item)
  }
  return box
}

/** A draft as this window saw it last. */
export type SeenDraft = { id: string; updatedAt: string }

/** With it the server changes a draft only if it is as this window saw it: another one may have it open too. */
const unchanged = ({ updatedAt }: SeenDraft) => ({ 'if-match': `"${updatedAt}"` })

/**
 * Stores answers as a draft: the first time as a new submission, then over it.
 * @throws ApiProblem `changed_meanwhile`: another window saved it, or submitted it; these answers were stored nowhere
 */
export async function saveDraft(
  api: Api,
  filling: Filling,
  draft: SeenDraft | undefined,
  answers: Answers,
): Promise<SeenDraft> {
  const body = { draft: true, submission: { data: answers } }
  if (draft) {
    const address = `/app/api/v1/submissions/${draft.id}`
    try {
      return (await api<SubmissionWithForm>(address, { method: 'PUT', body, headers: unchanged(draft) })).submission
    } catch (error) {
      if (asProblem(error).problem.status !== 412) throw error
      // Its own saving, whose answer was lost, is no other window's.
      const { submission } = await api<SubmissionWithForm>(address)
      if (submission.draft && sameAnswers(submission.submission.data, answers)) return submission
      throw error
    }
  }
  const { form, version } = filling
  const address = `/app/api/v1/forms/${form.id}/versions/${version.id}/submissions`
  return await api<Submission>(address, { method: 'POST', body })
}

/**
 * Submits a draft. When it was submitted already, by a call whose answer was lost, the submission as it stands is the
 * answer; unless it holds other answers, which another window sent.
 * @throws ApiProblem `submitted_elsewhere`, or `changed_meanwhile` by another window: these answers were stored nowhere
 */
export async function submitDraft(api: Api, draft: SeenDraft, answers: Answers): Promise<Submission> {
  const address = `/app/api/v1/submissions/${draft.id}`
  const body = { draft: false, submission: { data: answers } }
  try {
    return (await api<SubmissionWithForm>(address, { method: 'PUT', body, headers: unchanged(draft) })).submission
  } catch (error) {
    if (![403, 404, 409, 412].includes(asProblem(error).problem.status)) throw error
    const now = await api<SubmissionWithForm>(address).catch(() => undefined)
    if (!now || now.submission.draft) throw error
    return arrived(now.submission, answers)
  }
}

function arrived(submission: Submission, answers: Answers): Submission {
  if (sameAnswers(submission.submission.data, answers)) return submission
  throw new ApiProblem({ code: 'submitted_elsewhere', title: 'Submitted in another window', status: 409 })
}
