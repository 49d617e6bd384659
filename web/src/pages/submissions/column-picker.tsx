import { useState } from 'react'
import { Button, Form, Modal } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import type { AnswerColumn } from './answer-columns.ts'
import { allColumns, answersMax, type Column, shownColumns } from './columns.ts'
import { useColumnLabel } from './submissions-table.tsx'

type ColumnPickerProps = {
  show: boolean
  answers: AnswerColumn[]
  chosen: string[] | undefined
  onChoose(keys: string[] | undefined): void
  onClose(): void
}

/** Which columns the table shows. Each tick counts at once: the table behind the dialog follows. */
export function ColumnPicker({ show, answers, chosen, onChoose, onClose }: ColumnPickerProps) {
  const { t } = useTranslation('submissions')
  const [search, setSearch] = useState('')
  const label = useColumnLabel()
  const shown = shownColumns(answers, chosen).map(({ key }) => key)
  const full = shownColumns(answers, chosen).filter(({ kind }) => kind === 'answer').length >= answersMax
  const fits = (column: Column) =>
    `${label(column)} ${column.key}`.toLocaleLowerCase().includes(search.trim().toLocaleLowerCase())
  const columns = allColumns(answers).filter(fits)
  const toggle = (key: string) => onChoose(shown.includes(key) ? shown.filter((each) => each !== key) : [...shown, key])

  const group = (kind: Column['kind'], title: string) => {
    const members = columns.filter((column) => column.kind === kind)
    if (members.length === 0) return null
    return (
      <fieldset className="column-group">
        <legend>{title}</legend>
        {members.map((column) => (
          <Form.Check key={column.key} id={`column-${column.key}`}>
            <Form.Check.Input
              type="checkbox"
              checked={shown.includes(column.key)}
              disabled={column.key === 'confirmationId' || (full && kind === 'answer' && !shown.includes(column.key))}
              onChange={() => toggle(column.key)}
            />
            <Form.Check.Label>
              <span dir="auto">{label(column)}</span>
              {kind === 'answer' && label(column) !== column.key && <code className="column-key">{column.key}</code>}
            </Form.Check.Label>
          </Form.Check>
        ))}
      </fieldset>
    )
  }
  return (
    <Modal show={show} onHide={onClose} scrollable aria-labelledby="columns-title">
      <Modal.Header>
        <Modal.Title id="columns-title" as="h2" className="h5">
          {t('columns')}
        </Modal.Title>
      </Modal.Header>
      <Modal.Body tabIndex={0}>
        <Form.Group controlId="column-search" className="mb-3">
          <Form.Label>{t('findColumn')}</Form.Label>
          <Form.Control type="search" value={search} onChange={({ target }) => setSearch(target.value)} />
        </Form.Group>
        {full && <p role="status">{t('columnsFull', { count: answersMax })}</p>}
        {columns.length === 0 && <p>{t('noColumn')}</p>}
        {group('own', t('ownColumns'))}
        {group('answer', t('answerColumns'))}
      </Modal.Body>
      <Modal.Footer>
        <Button variant="outline-secondary" onClick={() => onChoose(undefined)} disabled={chosen === undefined}>
          {t('presetColumns')}
        </Button>
        <Button onClick={onClose}>{t('close')}</Button>
      </Modal.Footer>
    </Modal>
  )
}
