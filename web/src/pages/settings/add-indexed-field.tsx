import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useMemo, useState } from 'react'
import { Button, Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { designOf } from '../../../../server/src/exports/columns.ts'
import { useForm } from '../../app/form.ts'
import { Failure } from '../../ui/failure.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { versionQuery } from '../submissions/submission-queries.ts'
import { type IndexedField, useSetIndexedFields } from './indexed-field-queries.ts'

/** Chooses one more of the form's fields. */
export function AddIndexedField({ indexed }: { indexed: IndexedField[] }) {
  const { t } = useTranslation('settings')
  const form = useForm()
  const notices = useNotices()
  const setFields = useSetIndexedFields(form.id)
  const [field, setField] = useState('')
  const names = indexed.map((each) => each.field)
  const choices = useFields().filter(({ name }) => !names.includes(name))

  const add = (event: FormEvent) => {
    event.preventDefault()
    if (field === '') return
    setFields.mutate([...names, field], {
      onSuccess: () => {
        notices.done(t('indexed.added', { field }))
        setField('')
      },
    })
  }
  return (
    <Form onSubmit={add}>
      {setFields.error && <Failure error={setFields.error} what={t('indexed.notChanged')} />}
      <Form.Group controlId="indexed-field" className="mb-2 text-width">
        <Form.Label>{t('indexed.field')}</Form.Label>
        <Form.Select value={field} onChange={({ target }) => setField(target.value)}>
          <option value="">{t('indexed.choose')}</option>
          {choices.map(({ name, label }) => (
            <option key={name} value={name}>
              {label === name ? name : `${label} (${name})`}
            </option>
          ))}
        </Form.Select>
      </Form.Group>
      <Button type="submit" disabled={field === '' || setFields.isPending}>
        {t('indexed.add')}
      </Button>
    </Form>
  )
}

/** The fields of the published version, else of the newest, named as in an export. */
function useFields(): { name: string; label: string }[] {
  const { id, versions = [] } = useForm()
  const version = versions.find(({ published }) => published) ?? versions[0]
  const { data } = useQuery(versionQuery(id, version?.id))
  return useMemo(() => {
    const columns = data ? designOf(data.schema).columns : []
    return [...new Map(columns.map(({ path, label }) => [path.join('.'), label]))].map(([name, label]) => ({
      name,
      label,
    }))
  }, [data])
}
