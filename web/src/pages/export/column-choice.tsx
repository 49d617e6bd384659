import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { Button, Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { columnsOf } from '../../../../server/src/validation/definition.ts'
import { useForm } from '../../app/form.ts'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { versionQuery } from '../submissions/submission-queries.ts'
import { type ExportChoice, extraFields } from './export-choice.ts'
import { fieldsQuery } from './export-queries.ts'

type ColumnChoiceProps = { choice: ExportChoice; onChange(change: Partial<ExportChoice>): void }

/** All columns, or those that somebody ticks. */
export function ColumnChoice({ choice, onChange }: ColumnChoiceProps) {
  const { t } = useTranslation('export')
  const { id: formId } = useForm()
  const choosing = choice.fields !== undefined
  const fields = useQuery({ ...fieldsQuery(formId, choice), enabled: choosing })
  return (
    <fieldset className="export-columns">
      <legend className="h5">{t('columns')}</legend>
      <Form.Check
        type="radio"
        name="columns"
        id="columns-all"
        label={t('allColumns')}
        checked={!choosing}
        onChange={() => onChange({ fields: undefined })}
      />
      <Form.Check
        type="radio"
        name="columns"
        id="columns-chosen"
        label={t('chosenColumns')}
        checked={choosing}
        onChange={() => onChange({ fields: [] })}
      />
      {choosing && fields.isPending && <Loading />}
      {choosing && fields.error && (
        <Failure error={fields.error} what={t('columnsFailed')} retry={() => void fields.refetch()} />
      )}
      {choosing && fields.data && <Columns names={fields.data} choice={choice} onChange={onChange} />}
    </fieldset>
  )
}

function Columns({ names, choice, onChange }: ColumnChoiceProps & { names: string[] }) {
  const { t } = useTranslation('export')
  const label = useLabels()
  const [search, setSearch] = useState('')
  const chosen = new Set(choice.fields)
  const wanted = search.trim().toLocaleLowerCase()
  const shown = names.filter((name) => `${name} ${label(name) ?? ''}`.toLocaleLowerCase().includes(wanted))
  // In the header's order, whatever was ticked first; a name that another filter had stays, and the server tells.
  const set = (next: Set<string>) => onChange({ fields: names.filter((name) => next.has(name)) })
  const toggle = (name: string) =>
    set(new Set(chosen.has(name) ? [...chosen].filter((each) => each !== name) : [...chosen, name]))
  return (
    <div className="export-column-list">
      <div className="d-flex flex-wrap gap-2 align-items-end mb-2">
        <Form.Group controlId="export-column-search">
          <Form.Label>{t('findColumn')}</Form.Label>
          <Form.Control
            type="search"
            size="sm"
            value={search}
            onChange={({ target }) => setSearch(target.value)}
            // Enter would start the export.
            onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
          />
        </Form.Group>
        <Button size="sm" variant="outline-secondary" onClick={() => set(new Set([...chosen, ...shown]))}>
          {t('tickShown')}
        </Button>
        <Button
          size="sm"
          variant="outline-secondary"
          onClick={() => set(new Set([...chosen].filter((name) => !shown.includes(name))))}
        >
          {t('untickShown')}
        </Button>
        <span role="status">{t('ticked', { count: chosen.size, total: names.length })}</span>
      </div>
      <ul>
        {shown.map((name) => (
          <li key={name}>
            <Form.Check id={`export-column-${name}`}>
              <Form.Check.Input type="checkbox" checked={chosen.has(name)} onChange={() => toggle(name)} />
              <Form.Check.Label>
                <code>{name}</code> {label(name) && <span dir="auto">{label(name)}</span>}
              </Form.Check.Label>
            </Form.Check>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** What a column holds, in the words of the published version, else of the newest; ours for what is known besides. */
function useLabels(): (name: string) => string | undefined {
  const { t, i18n } = useTranslation('export')
  const { id, versions = [] } = useForm()
  const version = versions.find(({ published }) => published) ?? versions[0]
  const { data } = useQuery(versionQuery(id, version?.id))
  const labels = useMemo(
    () => new Map(columnsOf(data?.schema).map(({ path, label }) => [path.join('.'), label])),
    [data],
  )
  return (name) => {
    const own = `metadata.${name.replace('form.', '')}`
    if (extraFields.includes(name) || name.startsWith('form.'))
      return i18n.exists(own, { ns: 'export' }) ? t(own) : undefined
    return labels.get(name)
  }
}
