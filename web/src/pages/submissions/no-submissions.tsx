import { Link } from '@tanstack/react-router'
import { Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useForm } from '../../app/form.ts'
import { isNarrowed, type TableState, withoutFilters } from './table-state.ts'

/** The empty table: why it is, and what comes next. */
export function NoSubmissions({ state, onChange }: { state: TableState; onChange(state: TableState): void }) {
  const { t } = useTranslation('submissions')
  const form = useForm()
  const published = form.versions?.some((version) => version.published)
  if (isNarrowed(state)) {
    return (
      <div className="panel">
        <p>{t('noneFound')}</p>
        <Button variant="outline-primary" onClick={() => onChange(withoutFilters(state))}>
          {t('clearFilters')}
        </Button>
      </div>
    )
  }
  if (state.deleted) return <p className="panel">{t('noneDeleted')}</p>
  if (state.test) return <p className="panel">{t('noneOfTest')}</p>
  return (
    <div className="panel">
      <p>{published ? t('noneYet') : t('notPublished')}</p>
      <Link className="btn btn-primary" to={published ? '/app/form/share' : '/app/form/design'} search={{ f: form.id }}>
        {published ? t('shareForm') : t('designForm')}
      </Link>
    </div>
  )
}
