import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from 'react-bootstrap'
import { Trans, useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
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
  const queries = useQueryClient()
  const notices = useNotices()
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  const params = { path: { formId: form.id } }

  const restore = async () => {
    try {
      await answer(api.PUT('/app/api/v1/forms/{formId}/restore', { params }))
      await queries.invalidateQueries()
      notices.done(t('restored', { form: form.name }))
    } catch {
      notices.failed(t('notRestored', { form: form.name }))
    }
  }
  const remove = async () => {
    await answer(api.DELETE('/app/api/v1/forms/{formId}', { params }))
    await navigate({ to: '/app' })
    queries.removeQueries({ queryKey: ['form', form.id] })
    await queries.invalidateQueries()
    notices.done(t('deletedForm', { form: form.name }), () => void restore())
  }
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
      <Confirm
        show={asking}
        danger
        title={t('deleteAsk', { form: form.name })}
        action={t('deleteForm')}
        failed={t('notDeleted')}
        onConfirm={remove}
        onClose={() => setAsking(false)}
      >
        <p>{t('deleteConsequence')}</p>
      </Confirm>
    </>
  )
}
