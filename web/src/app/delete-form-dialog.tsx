import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { Confirm } from '../ui/confirm.tsx'
import { useNotices } from '../ui/notices.tsx'

type Named = { id: string; name: string }

/** Brings a deleted form back, and says so. */
export function useRestoreForm(): (form: Named) => Promise<void> {
  const { t } = useTranslation('settings')
  const queries = useQueryClient()
  const notices = useNotices()
  return async ({ id, name }) => {
    try {
      await answer(api.PUT('/app/api/v1/forms/{formId}/restore', { params: { path: { formId: id } } }))
      await queries.invalidateQueries()
      notices.done(t('restored', { form: name }))
    } catch {
      notices.failed(t('notRestored', { form: name }))
    }
  }
}

type DeleteFormDialogProps = { form: Named; show: boolean; onClose(): void; onDeleted?(): Promise<unknown> }

/** Asks, deletes, and offers to undo it. `onDeleted` leaves a page that is about the form. */
export function DeleteFormDialog({ form, show, onClose, onDeleted }: DeleteFormDialogProps) {
  const { t } = useTranslation('settings')
  const queries = useQueryClient()
  const notices = useNotices()
  const restore = useRestoreForm()
  const remove = async () => {
    await answer(api.DELETE('/app/api/v1/forms/{formId}', { params: { path: { formId: form.id } } }))
    await onDeleted?.()
    queries.removeQueries({ queryKey: ['form', form.id] })
    await queries.invalidateQueries()
    notices.done(t('deletedForm', { form: form.name }), () => void restore(form))
  }
  return (
    <Confirm
      show={show}
      danger
      title={t('deleteAsk', { form: form.name })}
      action={t('deleteForm')}
      failed={t('notDeleted')}
      onConfirm={remove}
      onClose={onClose}
    >
      <p>{t('deleteConsequence')}</p>
    </Confirm>
  )
}
