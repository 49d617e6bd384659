import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button, Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useForm } from '../../app/form.ts'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import type { ExportChoice } from './export-choice.ts'
import { columnsQuery } from './export-queries.ts'

type ColumnChoiceProps = { choice: ExportChoice; onChange(change: Partial<ExportChoice>): void }

/** All columns, or those that somebody ticks. */
export function ColumnChoice({ choice, onChange }: ColumnChoiceProps) {
  const { t } = useTranslation('export')
  const { id: formId } = useForm()
  const choosing = choice.fields !== undefined
  const columns = useQuery({ ...columnsQuery(formId, choice), enabled: choosing })
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
      {choosing && columns.isPending && <Loading />}
      {choosing && columns.error && (
        <Failure error={columns.error} what={t('columnsFailed')} retry={() => void columns.refetch()} />
      )}
      {choosing && columns.data && <Columns columns={columns.data} choice={choice} onChange={onChange} />}
    </fieldset>
  )
}

type Column = { name: string; label: string }

function Columns({ columns, choice, onChange }: ColumnChoiceProps & { columns: Column[] }) {
  const { t } = useTranslation('export')
  const labelOf = useLabels()
  const [search, setSearch] = useState('')
  const chosen = new Set(choice.fields)
  const wanted = search.trim().toLocaleLowerCase()
  const names = columns.map(({ name }) => name)
  const shown = columns
    .map((column) => ({ name: column.name, label: labelOf(column) }))
    .filter(({ name, label }) => `${name} ${label}`.toLocaleLowerCase().includes(wanted))
  const shownNames = new Set(shown.map(({ name }) => name))
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
        <Button size="sm" variant="outline-secondary" onClick={() => set(new Set([...chosen, ...shownNames]))}>
          {t('tickShown')}
        </Button>
        <Button
          size="sm"
          variant="outline-secondary"
          onClick={() => set(new Set([...chosen].filter((name) => !shownNames.has(name))))}
        >
          {t('untickShown')}
        </Button>
        <span role="status">{t('ticked', { count: chosen.size, total: names.length })}</span>
      </div>
      <ul>
        {shown.map(({ name, label }) => (
          <li key={name}>
            <Form.Check id={`export-column-${name}`}>
              <Form.Check.Input type="checkbox" checked={chosen.has(name)} onChange={() => toggle(name)} />
              <Form.Check.Label>
                <code>{name}</code> {label !== name && <span dir="auto">{label}</span>}
              </Form.Check.Label>
            </Form.Check>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** What a column holds: in the words of the form, and in ours for what is known about each submission. */
function useLabels(): (column: Column) => string {
  const { t, i18n } = useTranslation('export')
  return ({ name, label }) => {
    const own = `metadata.${name.replace('form.', '')}`
    return name.startsWith('form.') && i18n.exists(own, { ns: 'export' }) ? t(own) : label
  }
}
