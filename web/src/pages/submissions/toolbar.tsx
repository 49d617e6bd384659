import { type FormEvent, useEffect, useId, useState } from 'react'
import { Button, Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useForm } from '../../app/form.ts'
import type { TableState } from './table-state.ts'

type ToolbarProps = { state: TableState; onChange(change: Partial<TableState>): void; onPick(): void }

export function Toolbar({ state, onChange, onPick }: ToolbarProps) {
  const { t } = useTranslation('submissions')
  return (
    <div className="submissions-toolbar">
      <Search search={state.search} onSearch={(search) => onChange({ search })} />
      <VersionChoice version={state.version} onChoose={(version) => onChange({ version })} />
      <Day label={t('from')} day={state.from} onChoose={(from) => onChange({ from })} />
      <Day label={t('to')} day={state.to} onChoose={(to) => onChange({ to })} />
      <Button variant="outline-secondary" onClick={onPick}>
        {t('columns')}
      </Button>
      <Switches state={state} onChange={onChange} />
    </div>
  )
}

function Search({ search, onSearch }: { search: string; onSearch(search: string): void }) {
  const { t } = useTranslation('submissions')
  const [text, setText] = useState(search)
  const id = useId()
  // The address may change by Back, or by a button that clears all filters.
  useEffect(() => setText(search), [search])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSearch(text.trim())
  }
  return (
    <search className="submissions-search">
      <form onSubmit={submit}>
        <Form.Label htmlFor={id}>{t('search')}</Form.Label>
        <div className="d-flex gap-2">
          <Form.Control
            id={id}
            type="search"
            value={text}
            maxLength={200}
            aria-describedby={`${id}-hint`}
            onChange={(event) => {
              setText(event.target.value)
              // The field's own cross empties it; nobody should have to press a button after it.
              if (event.target.value === '' && search !== '') onSearch('')
            }}
          />
          <Button type="submit" variant="outline-primary">
            {t('find')}
          </Button>
        </div>
        <Form.Text id={`${id}-hint`}>{t('searchHint')}</Form.Text>
      </form>
    </search>
  )
}

type VersionChoiceProps = { version: number | undefined; onChoose(version: number | undefined): void }

function VersionChoice({ version, onChoose }: VersionChoiceProps) {
  const { t } = useTranslation('submissions')
  const { versions = [] } = useForm()
  if (versions.length < 2 && version === undefined) return null
  return (
    <Form.Group controlId="submissions-version">
      <Form.Label>{t('version')}</Form.Label>
      <Form.Select
        value={version ?? ''}
        onChange={({ target }) => onChoose(target.value === '' ? undefined : Number(target.value))}
      >
        <option value="">{t('allVersions')}</option>
        {versions.map(({ id, version: number }) => (
          <option key={id} value={number}>
            {t('versionNumber', { version: number })}
          </option>
        ))}
      </Form.Select>
    </Form.Group>
  )
}

type DayProps = { label: string; day: string | undefined; onChoose(day: string | undefined): void }

/** What is typed stays here until its year is whole: a table for the years 2, 20 and 202 helps nobody. */
function Day({ label, day, onChoose }: DayProps) {
  const id = useId()
  const [text, setText] = useState(day ?? '')
  useEffect(() => setText(day ?? ''), [day])
  const choose = (typed: string) => {
    if (typed !== (day ?? '')) onChoose(typed === '' ? undefined : typed)
  }
  return (
    <Form.Group controlId={id}>
      <Form.Label>{label}</Form.Label>
      <Form.Control
        type="date"
        max="9999-12-31"
        value={text}
        onChange={({ target }) => {
          setText(target.value)
          if (!target.value.startsWith('0')) choose(target.value)
        }}
        onBlur={() => choose(text)}
      />
    </Form.Group>
  )
}

function Switches({ state, onChange }: Pick<ToolbarProps, 'state' | 'onChange'>) {
  const { t } = useTranslation('submissions')
  const { enableStatusUpdates } = useForm()
  return (
    <div className="submissions-switches">
      {(['deleted', 'drafts', 'mine'] as const)
        // Nothing is assigned to anybody where the form does without statuses.
        .filter((name) => name !== 'mine' || enableStatusUpdates || state.mine)
        .map((name) => (
          <Form.Check
            key={name}
            type="switch"
            id={`submissions-${name}`}
            label={t(`switch.${name}`)}
            checked={state[name]}
            onChange={({ target }) => onChange({ [name]: target.checked })}
          />
        ))}
    </div>
  )
}
