import type { UseQueryResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { components } from '../../api/schema.d.ts'
import { useFormat } from '../../i18n/format.ts'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { useStatusText } from './status-badge.tsx'
import type { HistoryEntry } from './submission-queries.ts'
import { usePersonText } from './submissions-table.tsx'

type SubmissionHistory = components['schemas']['SubmissionHistory']

/** All that happened to a submission, newest first. */
export function History({ history }: { history: UseQueryResult<SubmissionHistory> }) {
  const { t } = useTranslation('submissions')
  return (
    <section className="panel" aria-labelledby="history-title">
      <h2 className="h5" id="history-title">
        {t('history')}
      </h2>
      {history.isPending && <Loading rows={3} />}
      {history.error && (
        <Failure error={history.error} what={t('historyFailed')} retry={() => void history.refetch()} />
      )}
      {history.data && (
        <ol className="submission-history">
          {toldOnce(history.data.entries).map((entry, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: entries have no id, and the newest comes in front of all.
            <Entry key={place} entry={entry} />
          ))}
        </ol>
      )}
      {history.data?.complete === false && <p className="small">{t('historyCut')}</p>}
    </section>
  )
}

/** Whoever submits at once makes a submission and gives it its first status; that is one event. */
function toldOnce(entries: HistoryEntry[]): HistoryEntry[] {
  const made = entries.find(({ kind }) => kind === 'created')
  return entries.filter(({ kind, code, at }) => kind !== 'status' || code !== 'SUBMITTED' || at !== made?.at)
}

function Entry({ entry }: { entry: HistoryEntry }) {
  const format = useFormat()
  const text = useEntryText()
  return (
    <li>
      {text(entry)}{' '}
      <time dateTime={entry.at} title={format.fullTime(entry.at)} className="text-body-secondary small">
        {format.dateTime(entry.at)}
      </time>
    </li>
  )
}

function useEntryText(): (entry: HistoryEntry) => string {
  const { t } = useTranslation('submissions')
  const status = useStatusText()
  const personText = usePersonText()
  return ({ kind, code, by, byName, assignedTo }) => {
    const person = byName ?? personText(by)
    if (kind !== 'status') return t(`entry.${kind}`, { person })
    if (assignedTo) {
      return t('entry.assigned', { person, status: status(code), assignee: assignedTo.fullName ?? t('formerMember') })
    }
    return t('entry.status', { person, status: status(code) })
  }
}
