import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import { useNotices } from '../../ui/notices.tsx'

type Marking = { ids: string[]; deleted: boolean }

/**
 * Deletes and restores submissions: at once, with the way back offered in a notice. All or none of them, as the API
 * promises, so there is nothing in between to tell about.
 */
export function useMarking(formId: string) {
  const { t } = useTranslation('submissions')
  const queries = useQueryClient()
  const notices = useNotices()

  const { mutate, isPending } = useMutation({
    mutationFn: ({ ids, deleted }: Marking) => mark(formId, ids, deleted),
    onSuccess: (_, { ids, deleted }) => {
      for (const id of ids) void queries.invalidateQueries({ queryKey: ['submission', id] })
      void queries.invalidateQueries({ queryKey: ['submissions', formId, 'list'] })
      const text = deleted ? t('deletedCount', { count: ids.length }) : t('restoredCount', { count: ids.length })
      notices.done(text, () => mutate({ ids, deleted: !deleted }))
    },
    onError: (_, { ids, deleted }) =>
      notices.failed(deleted ? t('notDeleted', { count: ids.length }) : t('notRestored', { count: ids.length })),
  })
  return { mark: (ids: string[], deleted: boolean) => mutate({ ids, deleted }), busy: isPending }
}

async function mark(formId: string, ids: string[], deleted: boolean): Promise<void> {
  const [first] = ids
  if (first === undefined) return
  const options = {
    params: { path: { formSubmissionId: first, formId } },
    body: { submissionIds: ids },
    // Only whether it went well matters; the answers of hundreds of submissions need not be read.
    parseAs: 'stream' as const,
  }
  await answer(
    deleted
      ? api.DELETE('/app/api/v1/submissions/{formSubmissionId}/{formId}/submissions', options)
      : api.PUT('/app/api/v1/submissions/{formSubmissionId}/{formId}/submissions/restore', options),
  )
}
