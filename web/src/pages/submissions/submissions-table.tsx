import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { Form, Table } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useForm } from '../../app/form.ts'
import { answerIn } from './answer-columns.ts'
import { answerText, type Words } from './answer-text.ts'
import { type Column, type OwnColumn, sortName } from './columns.ts'
import { StatusBadge } from './status-badge.tsx'
import type { ListedSubmission } from './submission-queries.ts'
import { sortedBy, type TableState } from './table-state.ts'
import { useWords } from './use-words.ts'

type SubmissionsTableProps = {
  rows: ListedSubmission[]
  columns: Column[]
  state: TableState
  busy: boolean
  selectable: boolean
  selected: string[]
  onSelect(ids: string[]): void
  onSort(state: TableState): void
}

export function SubmissionsTable(props: SubmissionsTableProps) {
  const { rows, columns, state, busy, selectable, selected, onSelect, onSort } = props
  const { t } = useTranslation('submissions')
  // Once for the table: making formats for each cell takes longer than drawing them.
  const words = useWords()
  const ids = rows.map(({ submissionId }) => submissionId)
  const toggle = (id: string) =>
    onSelect(selected.includes(id) ? selected.filter((each) => each !== id) : [...selected, id])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
    <section className="table-frame submissions-frame" tabIndex={0} aria-label={t('table')} aria-busy={busy}>
      <Table hover size="sm" className="submissions-table">
        <thead>
          <tr>
            {selectable && (
              <th scope="col" className="selecting">
                <SelectAll all={ids} selected={selected} onSelect={onSelect} />
              </th>
            )}
            {columns.map((column) => (
              <Heading key={column.key} column={column} state={state} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.submissionId} className={selected.includes(row.submissionId) ? 'table-active' : ''}>
              {selectable && (
                <td className="selecting">
                  <Form.Check
                    aria-label={t('selectOne', { id: row.confirmationId })}
                    checked={selected.includes(row.submissionId)}
                    onChange={() => toggle(row.submissionId)}
                  />
                </td>
              )}
              {columns.map((column) => (
                <Cell key={column.key} row={row} column={column} words={words} />
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </section>
  )
}

type SelectAllProps = { all: string[]; selected: string[]; onSelect(ids: string[]): void }

function SelectAll({ all, selected, onSelect }: SelectAllProps) {
  const { t } = useTranslation('submissions')
  const box = useRef<HTMLInputElement>(null)
  const every = all.length === selected.length
  useEffect(() => {
    if (box.current) box.current.indeterminate = selected.length > 0 && !every
  }, [selected, every])
  return (
    <Form.Check
      ref={box}
      aria-label={t('selectAll', { count: all.length })}
      checked={every}
      onChange={() => onSelect(every ? [] : all)}
    />
  )
}

type HeadingProps = { column: Column; state: TableState; onSort(state: TableState): void }

function Heading({ column, state, onSort }: HeadingProps) {
  const label = useColumnLabel()(column)
  if (sortName(column) === undefined) return <th scope="col">{label}</th>
  const order = orderOf(column.key, state)
  return (
    <th scope="col" aria-sort={order}>
      <button type="button" className="sort-button" onClick={() => onSort(sortedBy(state, column.key))}>
        {label} <span aria-hidden="true">{order === 'ascending' ? '↑' : order === 'descending' ? '↓' : '↕'}</span>
      </button>
    </th>
  )
}

function orderOf(key: string, { sort, descending }: TableState): 'ascending' | 'descending' | 'none' {
  // Unless something else is asked for, the newest come first.
  if (sort === undefined) return key === 'createdAt' ? 'descending' : 'none'
  if (sort !== key) return 'none'
  return descending ? 'descending' : 'ascending'
}

export function useColumnLabel(): (column: Column) => string {
  const { t } = useTranslation('submissions')
  return (column) => (column.kind === 'own' ? t(`column.${column.key}`) : column.column.label)
}

type CellProps<Shown> = { row: ListedSubmission; column: Shown; words: Words }

function Cell({ row, column, words }: CellProps<Column>) {
  if (column.kind === 'own') {
    return (
      <td>
        <OwnCell row={row} column={column.key} words={words} />
      </td>
    )
  }
  return (
    <td>
      <span className="answer" dir="auto">
        {answerText(answerIn(row, column.column), column.column, words)}
      </span>
    </td>
  )
}

function OwnCell({ row, column, words }: CellProps<OwnColumn>): ReactNode {
  const { t } = useTranslation('submissions')
  const form = useForm()
  const updatedAt = row.updatedAt
  const updatedBy = row.updatedBy
  switch (column) {
    case 'confirmationId':
      return (
        <Link to="/app/form/view" search={{ f: form.id, s: row.submissionId }} className="font-monospace">
          {row.confirmationId}
        </Link>
      )
    case 'createdAt':
      return <time dateTime={row.createdAt}>{words.dateTime(row.createdAt)}</time>
    case 'createdBy':
      return <Person name={row.createdBy} />
    case 'formSubmissionStatusCode':
      return <StatusBadge code={row.formSubmissionStatusCode} />
    case 'formVersionId':
      return form.versions?.find(({ id }) => id === row.formVersionId)?.version
    case 'updatedAt':
      return typeof updatedAt === 'string' && <time dateTime={updatedAt}>{words.dateTime(updatedAt)}</time>
    case 'updatedBy':
      return typeof updatedBy === 'string' && <Person name={updatedBy} />
    case 'lateEntry':
      return row.lateEntry ? t('yes') : ''
  }
}

/** Somebody's e-mail address, a visitor or a key. */
export function Person({ name }: { name: string }) {
  return usePersonText()(name)
}

export function usePersonText(): (name: string) => string {
  const { t } = useTranslation('submissions')
  return (name) => {
    if (name === 'public') return t('publicPerson')
    return name.startsWith('api-key:') ? t('apiKeyPerson', { name: name.slice('api-key:'.length) }) : name
  }
}
