import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from 'react-bootstrap'
import { Trans, useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import { DeleteFormDialog } from '../../app/delete-form-dialog.tsx'
import { useForm, useMay } from '../../app/form.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { useNotices } from '../../ui/notices.tsx'

/** What stops a form. Both can be taken back. */
export function DangerSection() {
  const { t } = useTranslation('settings')
  return (
    <section className="panel panel-danger" aria-labelledby="danger">
      <h2 id="danger">{t('section.danger')}</h2>
      <CloseForm />
      <hr />
      <DeleteForm />
    </section>
  )
}

function CloseForm() {
  const { t } = useTranslation('settings')
  const form = useForm()
  const may = useMay()
  const queries = useQueryClient()
  const notices = useNotices()
  const [asking, setAsking] = useState(false)
  const published = form.versions?.find((version) => version.published)

  const publish = async (versionId: string, unpublish: boolean) => {
    const path = { formId: form.id, formVersionId: versionId }
    await answer(
      api.POST('/app/api/v1/forms/{formId}/versions/{formVersionId}/publish', {
        params: { path, query: { unpublish } },
      }),
    )
    await queries.invalidateQueries({ queryKey: ['form', form.id] })
  }
  const close = async (versionId: string) => {
    await publish(versionId, true)
    notices.done(t('closed', { form: form.name }), () => {
      publish(versionId, false).catch(() => notices.failed(t('notReopened', { form: form.name })))
    })
  }
  return (
    <>
      <h3 className="h6">{t('closeTitle')}</h3>
      {published ? (
        <>
          <p className="text-width">{t('closeText')}</p>
          {may('design_create') ? (
            <Button variant="outline-danger" onClick={() => setAsking(true)}>
              {t('closeForm')}
            </Button>
          ) : (
            <p className="text-width">{t('mayNotClose')}</p>
          )}
          <Confirm
            show={asking}
            danger
            title={t('closeAsk', { form: form.name })}
            action={t('closeForm')}
            failed={t('notClosed')}
            onConfirm={() => close(published.id)}
            onClose={() => setAsking(false)}
          >
            <p>{t('closeConsequence')}</p>
          </Confirm>
        </>
      ) : (
        <p className="text-width">
          <Trans
            t={t}
            i18nKey="closedText"
            components={{ a: <Link to="/app/form/design" search={{ f: form.id }} /> }}
          />
        </p>
      )}
    </>
  )
}

function DeleteForm() {
  const { t } = useTranslation('settings')
  const form = useForm()
  const may = useMay()
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <h3 className="h6">{t('deleteTitle')}</h3>
      <p className="text-width">{t('deleteText')}</p>
      {may('form_delete') ? (
        <Button variant="danger" onClick={() => setAsking(true)}>
          {t('deleteForm')}
        </Button>
      ) : (
        <p className="text-width mb-0">{t('mayNotDelete')}</p>
      )}
      <DeleteFormDialog
        form={form}
        show={asking}
        onClose={() => setAsking(false)}
        onDeleted={() => navigate({ to: '/app' })}
      />
    </>
  )
}
