import { useQuery } from '@tanstack/react-query'
import { Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useForm, useMay } from '../../app/form.ts'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { AddIndexedField } from './add-indexed-field.tsx'
import { type IndexedField, indexedFieldsQuery, useSetIndexedFields } from './indexed-field-queries.ts'

/** Which fields are indexed, so that programs can filter by their answers. */
export function DataSection() {
  const { t } = useTranslation('settings')
  const form = useForm()
  const may = useMay()
  const indexed = useQuery(indexedFieldsQuery(form.id))
  const { fields, max = 10 } = indexed.data ?? {}
  return (
    <section className="panel" aria-labelledby="indexed-fields">
      <h2 id="indexed-fields">{t('indexed.title')}</h2>
      <p className="text-width">{t('indexed.lead', { max })}</p>
      {indexed.isPending && <Loading rows={2} />}
      {indexed.error && (
        <Failure error={indexed.error} what={t('indexed.notLoaded')} retry={() => void indexed.refetch()} />
      )}
      {fields && (fields.length > 0 ? <IndexedFieldList fields={fields} /> : <p>{t('indexed.none')}</p>)}
      {fields && may('form_update') && fields.length < max && <AddIndexedField indexed={fields} />}
      {fields && may('form_update') && fields.length >= max && <p className="mb-0">{t('indexed.full', { max })}</p>}
      {!may('form_update') && <p className="mb-0">{t('indexed.mayNotChange')}</p>}
    </section>
  )
}

function IndexedFieldList({ fields }: { fields: IndexedField[] }) {
  const { t } = useTranslation('settings')
  const form = useForm()
  const may = useMay()
  const notices = useNotices()
  const setFields = useSetIndexedFields(form.id)
  const without = (field: string) => fields.map((each) => each.field).filter((each) => each !== field)
  const remove = (field: string) =>
    setFields.mutate(without(field), { onSuccess: () => notices.done(t('indexed.removed', { field })) })
  return (
    <>
      {setFields.error && <Failure error={setFields.error} what={t('indexed.notChanged')} />}
      <ul className="list-unstyled" aria-label={t('indexed.list')}>
        {fields.map(({ field, state, percent }) => (
          <li key={field} className="d-flex flex-wrap align-items-center gap-3 mb-2">
            <code dir="ltr" className="text-break">
              {field}
            </code>
            <span role="status">{state === 'ready' ? t('indexed.ready') : t('indexed.building', { percent })}</span>
            {may('form_update') && (
              <Button
                size="sm"
                variant="outline-secondary"
                aria-label={t('indexed.removeOne', { field })}
                disabled={setFields.isPending}
                onClick={() => remove(field)}
              >
                {t('indexed.remove')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
