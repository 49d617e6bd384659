import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Button, Modal } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { openDesign } from './opening.ts'
import type { Design } from './use-design.ts'

/** Somebody else stored a change while this one was made: says who, and lets a person decide. Nothing is overwritten. */
export function ConflictDialog({ formId, design }: { formId: string; design: Design }) {
  const { t } = useTranslation('design')
  const format = useFormat()
  const notices = useNotices()
  const conflict = design.saveState.kind === 'conflict'
  const [later, setLater] = useState(false)
  const show = conflict && !later
  const theirs = useQuery({
    queryKey: ['form', formId, 'design', 'theirs'],
    queryFn: () => openDesign(formId),
    enabled: show,
    gcTime: 0,
    staleTime: 0,
  })
  const keep = useMutation({ mutationFn: () => design.keepAsNewDraft() })
  useEffect(() => {
    if (!conflict) setLater(false)
  }, [conflict])

  const load = () => {
    if (!theirs.data) return
    design.load(theirs.data)
    notices.done(t('theirsLoaded'), () => design.undo())
  }
  return (
    <>
      {conflict && later && (
        <p className="design-undecided" role="status">
          {t('undecided')}{' '}
          <Button size="sm" variant="outline-primary" onClick={() => setLater(false)}>
            {t('decide')}
          </Button>
        </p>
      )}
      <Modal show={show} onHide={() => setLater(true)} backdrop="static" centered aria-labelledby="conflict-title">
        <Modal.Header>
          <Modal.Title id="conflict-title" as="h2" className="h5">
            {t('conflictTitle')}
          </Modal.Title>
        </Modal.Header>
        <Modal.Body>
          {theirs.isFetching && <Loading rows={1} />}
          {theirs.error && <Failure error={theirs.error} what={t('notOpened')} retry={() => void theirs.refetch()} />}
          {theirs.data && !theirs.isFetching && (
            <p>
              {t('conflictWho', {
                by: theirs.data.by ?? '',
                ago: theirs.data.at ? format.ago(theirs.data.at) : '',
              })}
            </p>
          )}
          <p className="mb-0">{t('conflictChoice')}</p>
          {keep.error && <Failure error={keep.error} what={t('notKept')} />}
        </Modal.Body>
        <Modal.Footer>
          <Button variant="outline-secondary" onClick={() => setLater(true)} disabled={keep.isPending}>
            {t('decideLater')}
          </Button>
          <Button variant="outline-primary" onClick={load} disabled={!theirs.data || keep.isPending}>
            {t('loadTheirs')}
          </Button>
          <Button onClick={() => keep.mutate()} disabled={keep.isPending} autoFocus>
            {t('keepMine')}
          </Button>
        </Modal.Footer>
      </Modal>
    </>
  )
}
