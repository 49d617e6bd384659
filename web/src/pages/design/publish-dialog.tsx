import { type ReactNode, useEffect, useState } from 'react'
import { Button, Modal } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useForm } from '../../app/form.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Loading } from '../../ui/loading.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { problemOf } from './definition.ts'
import { formOf, ofVersion } from './opening.ts'
import { publishBase, setPublished } from './storing.ts'
import type { Design } from './use-design.ts'

type PublishDialogProps = {
  show: boolean
  formId: string
  design: Design
  onPublished(): Promise<unknown>
  onClose(): void
}

/** Saves, looks whether the definition can be published, and asks. */
export function PublishDialog({ show, formId, design, onPublished, onClose }: PublishDialogProps) {
  const { t } = useTranslation('design')
  const notices = useNotices()
  const [ready, setReady] = useState(false)
  const { flush } = design

  // biome-ignore lint/correctness/useExhaustiveDependencies: saved once, each time the dialog is asked for.
  useEffect(() => {
    setReady(false)
    if (!show) return
    let gone = false
    void flush().then((saved) => {
      if (gone) return
      if (saved) setReady(true)
      // Why not is said on the page.
      else onClose()
    })
    return () => {
      gone = true
    }
  }, [show])

  const publish = async () => {
    // What was changed while the dialog was open is published too.
    if (!(await design.flush())) throw new Error('The draft could not be saved.')
    await publishBase(formId, design.baseNow())
    const version = (await formOf(formId)).versions?.find((each) => each.published)
    if (version) design.rebase(ofVersion(version))
    await onPublished()
    notices.done(t('published', { version: version?.version }))
  }
  if (!show) return null
  const problem = problemOf(design.definition())
  const { base } = design
  const nothingNew = base.kind === 'version' && base.published
  if (!ready || problem || nothingNew) {
    return (
      <Refusal onClose={onClose}>
        {!ready ? (
          <Loading rows={2} />
        ) : problem?.kind === 'duplicates' ? (
          <>
            <p>{t('duplicates', { count: problem.keys.length })}</p>
            <ul className="mb-0">
              {problem.keys.slice(0, 20).map((key) => (
                <li key={key}>
                  <code>{key}</code>
                </li>
              ))}
            </ul>
          </>
        ) : (
          <p className="mb-0">
            {problem ? t('empty') : t('nothingNew', { version: base.kind === 'version' ? base.version : 0 })}
          </p>
        )}
      </Refusal>
    )
  }
  return (
    <Confirm
      show
      title={t('publishTitle')}
      action={t('publish')}
      failed={t('notPublished')}
      onConfirm={publish}
      onClose={onClose}
    >
      <p className="mb-0">{t('publishText')}</p>
    </Confirm>
  )
}

function Refusal({ children, onClose }: { children: ReactNode; onClose(): void }) {
  const { t } = useTranslation('design')
  return (
    <Modal show onHide={onClose} centered aria-labelledby="publish-refusal-title">
      <Modal.Header>
        <Modal.Title id="publish-refusal-title" as="h2" className="h5">
          {t('publishTitle')}
        </Modal.Title>
      </Modal.Header>
      <Modal.Body>{children}</Modal.Body>
      <Modal.Footer>
        <Button onClick={onClose} autoFocus>
          {t('close', { ns: 'common' })}
        </Button>
      </Modal.Footer>
    </Modal>
  )
}

type UnpublishDialogProps = { show: boolean; formId: string; onDone(): Promise<unknown>; onClose(): void }

export function UnpublishDialog({ show, formId, onDone, onClose }: UnpublishDialogProps) {
  const { t } = useTranslation('design')
  const notices = useNotices()
  const form = useForm()
  const published = form.versions?.find((version) => version.published)
  if (!published) return null
  const { id, version } = published
  const unpublish = async () => {
    await setPublished(formId, id, false)
    await onDone()
    notices.done(t('unpublished', { version }), () => void setPublished(formId, id, true).then(onDone))
  }
  return (
    <Confirm
      show={show}
      title={t('unpublishTitle', { version })}
      action={t('unpublish')}
      danger
      failed={t('notUnpublished')}
      onConfirm={unpublish}
      onClose={onClose}
    >
      <p className="mb-0">{t('unpublishText', { name: form.name })}</p>
    </Confirm>
  )
}
