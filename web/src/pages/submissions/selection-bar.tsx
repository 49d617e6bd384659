import { Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useFormId } from '../../app/form.ts'
import { useMarking } from './use-marking.ts'

type SelectionBarProps = { ids: string[]; deleted: boolean; allowed: boolean; onDone(): void }

/** What can be done with the selected submissions. It keeps its place while nothing is selected, so that no row jumps. */
export function SelectionBar({ ids, deleted, allowed, onDone }: SelectionBarProps) {
  const { t } = useTranslation('submissions')
  const { mark, busy } = useMarking(useFormId())
  if (!allowed) return <p className="small text-body-secondary">{t('mayNotDelete')}</p>
  const act = () => {
    mark(ids, !deleted)
    onDone()
  }
  return (
    <div className="selection-bar">
      <span role="status">{t('selectedCount', { count: ids.length })}</span>
      <Button
        size="sm"
        variant={deleted ? 'outline-primary' : 'outline-danger'}
        disabled={ids.length === 0 || busy}
        onClick={act}
      >
        {deleted ? t('restoreSelected') : t('deleteSelected')}
      </Button>
    </div>
  )
}
