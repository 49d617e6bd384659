import { useMutation } from '@tanstack/react-query'
import { Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { Failure } from '../../ui/failure.tsx'
import { Page } from '../../ui/page.tsx'
import type { LocalCopy } from './local-copies.ts'
import type { Opening } from './opening.ts'
import { addDraft } from './storing.ts'

type LeftCopyProps = {
  formId: string
  copy: LocalCopy
  opening: Opening
  /** The copy is in a draft now, or is not wanted. */
  onStored(): Promise<unknown>
  onLater(): void
}

/** Changes were left in this browser, and the form has been changed since: neither may silently replace the other. */
export function LeftCopy({ formId, copy, opening, onStored, onLater }: LeftCopyProps) {
  const { t } = useTranslation('design')
  const format = useFormat()
  const keep = useMutation({
    mutationFn: () =>
      addDraft(formId, copy.text, opening.base.kind === 'version' ? opening.base.id : null).then(onStored),
  })
  const drop = useMutation({ mutationFn: onStored })
  const busy = keep.isPending || drop.isPending
  return (
    <Page title={t('leftTitle')} width="text">
      <p>{t('leftText', { at: format.dateTime(copy.keptAt) })}</p>
      {opening.at && <p>{t('leftTheirs', { by: opening.by, at: format.dateTime(opening.at) })}</p>}
      {keep.error && <Failure error={keep.error} what={t('notKept')} />}
      <div className="d-flex flex-wrap gap-2">
        <Button onClick={() => keep.mutate()} disabled={busy} autoFocus>
          {t('leftKeep')}
        </Button>
        <Button variant="outline-secondary" onClick={onLater} disabled={busy}>
          {t('leftLater')}
        </Button>
        <Button variant="outline-danger" onClick={() => drop.mutate()} disabled={busy}>
          {t('leftDrop')}
        </Button>
      </div>
    </Page>
  )
}
