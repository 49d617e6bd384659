import { Badge } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { StatusBadge } from './status-badge.tsx'
import type { ReadSubmission } from './submission-queries.ts'
import { usePersonText } from './submissions-table.tsx'

type SubmissionFactsProps = { read: ReadSubmission; code: string | null; known: boolean }

/** Who, when, which version, and in which state. */
export function SubmissionFacts({ read: { submission, version }, code, known }: SubmissionFactsProps) {
  const { t } = useTranslation('submissions')
  const format = useFormat()
  const person = usePersonText()
  const { draft, deleted, test, createdAt, createdBy, updatedAt, updatedBy } = submission
  const changed = updatedBy !== null && updatedAt !== createdAt
  return (
    <span className="submission-facts">
      {known && <StatusBadge code={code} />}
      {/* What was sent back for revision has a status, and is a draft besides. */}
      {draft && code !== null && <Badge bg="secondary">{t('status.DRAFT')}</Badge>}
      {test && (
        <Badge bg="" className="status-badge status-info">
          {t('testBadge')}
        </Badge>
      )}
      {deleted && <Badge bg="danger">{t('deletedBadge')}</Badge>}
      <span>
        {t('madeBy', { person: person(createdBy), time: format.dateTime(createdAt), version: version.version })}
      </span>
      {changed && updatedBy && (
        <span>{t('changedBy', { person: person(updatedBy), time: format.dateTime(updatedAt) })}</span>
      )}
    </span>
  )
}
