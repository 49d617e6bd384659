import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useForm } from '../../app/form.ts'
import { useSession } from '../../app/session.tsx'
import { useFormat } from '../../i18n/format.ts'
import { Failure, useExplain } from '../../ui/failure.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { endRaisedLimit, type FormLimit, formLimitQuery, raiseLimit, summaryQuery } from './api-key-queries.ts'
import { RaiseLimit } from './raise-limit.tsx'

/** Whether the form has another limit for a while, and why; the owner of the server sets and ends it. */
export function RaisedLimit() {
  const { t } = useTranslation('api-key')
  const { id } = useForm()
  const person = useSession()
  const limit = useQuery(formLimitQuery(id))
  const [asking, setAsking] = useState(false)
  if (limit.error && !limit.data) {
    return <Failure error={limit.error} what={t('raised.notLoaded')} retry={() => void limit.refetch()} />
  }
  if (!limit.data) return null
  return (
    <div className="raised-limit">
      <div aria-live="polite">{limit.data.raised && <Raised limit={limit.data} raised={limit.data.raised} />}</div>
      {person?.serverOwner && (
        <div className="key-buttons">
          <Button size="sm" variant="outline-secondary" onClick={() => setAsking(true)}>
            {limit.data.raised ? t('raised.change') : t('raised.raise')}
          </Button>
          {limit.data.raised && <EndNow raised={limit.data.raised} />}
        </div>
      )}
      {asking && <RaiseLimit limit={limit.data} onClose={() => setAsking(false)} />}
    </div>
  )
}

type RaisedProps = { limit: FormLimit; raised: NonNullable<FormLimit['raised']> }

function Raised({ limit: { configuredLimit }, raised }: RaisedProps) {
  const { t } = useTranslation('api-key')
  const format = useFormat()
  const { limit, until, reason } = raised
  const values = { limit: format.number(limit), until: format.dateTime(until), reason }
  return (
    <p className="mb-2" title={format.fullTime(until)}>
      {limit < configuredLimit ? t('raised.lowered', values) : t('raised.until', values)}
    </p>
  )
}

/** Done at once, for it can be undone. */
function EndNow({ raised }: Pick<RaisedProps, 'raised'>) {
  const { t } = useTranslation('api-key')
  const { id } = useForm()
  const queries = useQueryClient()
  const notices = useNotices()
  const explain = useExplain()
  const refresh = () => queries.invalidateQueries({ queryKey: summaryQuery(id).queryKey })
  const { limit, until, reason } = raised

  const undo = async () => {
    try {
      await raiseLimit(id, { limit, until, reason })
    } catch (error) {
      notices.failed(t('raised.notBack', { reason: explain(error).text }))
    }
    await refresh()
  }
  const end = async () => {
    try {
      await endRaisedLimit(id)
      notices.done(t('raised.ended'), () => void undo())
    } catch (error) {
      notices.failed(t('raised.notEnded', { reason: explain(error).text }))
    }
    await refresh()
  }
  return (
    <Button size="sm" variant="outline-danger" onClick={() => void end()}>
      {t('raised.end')}
    </Button>
  )
}
