import './submissions.scss'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useForm, useMay } from '../../app/form.ts'
import { useFormat } from '../../i18n/format.ts'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Page } from '../../ui/page.tsx'
import { answerColumns, fieldsFor } from './answer-columns.ts'
import { ColumnPicker } from './column-picker.tsx'
import { type Column, shownColumns, sortName, storeColumns, storedColumns } from './columns.ts'
import { LiveOrTest } from './live-or-test.tsx'
import { NoSubmissions } from './no-submissions.tsx'
import { Pager } from './pager.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { type LastTable, lastTableKey, listQuery, versionQuery } from './submission-queries.ts'
import { SubmissionsTable } from './submissions-table.tsx'
import { addressOf, changed, type TableState, tableStateIn } from './table-state.ts'
import { Toolbar } from './toolbar.tsx'

export function SubmissionsPage() {
  const { t } = useTranslation('submissions')
  const form = useForm()
  const may = useMay()
  const format = useFormat()
  const [state, setState] = useTableState(form.id)
  const { answers, columns, chosen, choose } = useColumns(form.id, state.version)
  const list = useSubmissions(form.id, state, columns)
  const [selected, setSelected] = useState<string[]>([])
  const [picking, setPicking] = useState(false)

  const rows = list.data?.results ?? []
  const { total = 0, moreThan } = list.data ?? {}
  // What left the page, by a turn of it or by somebody else's hand, is selected no longer.
  const selectedHere = selected.filter((id) => rows.some(({ submissionId }) => submissionId === id))
  useLastTable(form.id, state, rows)
  useExistingPage(state, setState, list.isPlaceholderData ? undefined : list.data)

  return (
    <Page
      title={t('title')}
      lead={
        moreThan !== undefined
          ? t('moreThan', { formatted: format.number(moreThan) })
          : list.data
            ? t('total', { count: total, formatted: format.number(total) })
            : undefined
      }
    >
      <LiveOrTest test={state.test} onChoose={(test) => setState(changed(state, { test }))} />
      <Toolbar state={state} onChange={(change) => setState(changed(state, change))} onPick={() => setPicking(true)} />
      {list.error && <Failure error={list.error} what={t('listFailed')} retry={() => void list.refetch()} />}
      {list.isPending && <Loading rows={10} />}
      {list.data && rows.length === 0 && total === 0 && <NoSubmissions state={state} onChange={setState} />}
      {rows.length > 0 && (
        <>
          <SelectionBar
            ids={selectedHere}
            deleted={state.deleted}
            allowed={may('submission_delete')}
            onDone={() => setSelected([])}
          />
          <SubmissionsTable
            rows={rows}
            columns={columns}
            state={state}
            busy={list.isPlaceholderData}
            selectable={may('submission_delete')}
            selected={selectedHere}
            onSelect={setSelected}
            onSort={setState}
          />
          <Pager state={state} total={total} moreThan={moreThan} onChange={setState} />
        </>
      )}
      <ColumnPicker
        show={picking}
        answers={answers}
        chosen={chosen}
        onChoose={choose}
        onClose={() => setPicking(false)}
      />
    </Page>
  )
}

/** The state of the table lives in the address alone: it can be shared, and Back goes back to what was shown before. */
function useTableState(formId: string): [TableState, (state: TableState) => void] {
  const search = useSearch({ from: '/signed-in/form/app/form/submissions' })
  const navigate = useNavigate()
  const state = useMemo(() => tableStateIn(search), [search])
  const setState = (next: TableState) =>
    void navigate({
      to: '/app/form/submissions',
      search: { f: formId, ...addressOf(next) },
      resetScroll: false,
    })
  return [state, setState]
}

/** The questions of the chosen version, else of the published one, else of the newest; and which of them are shown. */
function useColumns(formId: string, versionNumber: number | undefined) {
  const { versions = [] } = useForm()
  const version =
    versions.find(({ version }) => version === versionNumber) ??
    versions.find(({ published }) => published) ??
    versions[0]
  const { data } = useQuery(versionQuery(formId, version?.id))
  const [chosen, setChosen] = useState(() => storedColumns(formId))
  const answers = useMemo(() => answerColumns(data?.schema), [data])
  const columns = useMemo(() => shownColumns(answers, chosen), [answers, chosen])
  const choose = (keys: string[] | undefined) => {
    storeColumns(formId, keys)
    setChosen(keys)
  }
  return { answers, columns, chosen, choose }
}

function useSubmissions(formId: string, state: TableState, columns: Column[]) {
  const fields = useMemo(() => {
    const answers = columns.flatMap((column) => (column.kind === 'answer' ? [column.column] : []))
    const updated = columns.map(({ key }) => key).filter((key) => key === 'updatedAt' || key === 'updatedBy')
    return [...updated, ...fieldsFor(answers)]
  }, [columns])
  const sorted = columns.find(({ key }) => key === state.sort)
  return useQuery(listQuery(formId, state, fields, sorted && sortName(sorted)))
}

function useLastTable(formId: string, state: TableState, rows: { submissionId: string }[]): void {
  const queries = useQueryClient()
  useEffect(() => {
    const last: LastTable = { address: addressOf(state), ids: rows.map(({ submissionId }) => submissionId) }
    queries.setQueryData(lastTableKey(formId), last)
  }, [queries, formId, state, rows])
}

/** A page that does not exist any more, because rows were deleted or the address is old, leads to the last one. */
function useExistingPage(
  state: TableState,
  setState: (state: TableState) => void,
  list: { results: unknown[]; total: number } | undefined,
): void {
  const last = list ? Math.max(1, Math.ceil(list.total / state.size)) : undefined
  useEffect(() => {
    if (last !== undefined && state.page > last) setState({ ...state, page: last })
  })
}
