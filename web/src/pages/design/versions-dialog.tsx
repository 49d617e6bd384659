import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { Badge, Button, Modal } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import { useForm, useMay } from '../../app/form.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { fileName } from './definition.ts'
import { downloadJson } from './definition-file.ts'
import { type DraftSummary, draftsOf, openOne, type VersionSummary } from './opening.ts'
import { addDraft, setPublished } from './storing.ts'
import type { Design } from './use-design.ts'

type VersionsDialogProps = {
  formId: string
  design: Design
  onClose(): void
  onPublished(): Promise<unknown>
}
type Entry = DraftSummary | VersionSummary
const changedAt = (entry: Entry) => ('version' in entry ? entry.createdAt : entry.updatedAt)

/** All versions and drafts of the form, newest first. */
export function VersionsDialog({ formId, design, onClose, onPublished }: VersionsDialogProps) {
  const { t } = useTranslation('design')
  const form = useForm()
  const drafts = useQuery({ queryKey: ['form', formId, 'drafts'], queryFn: () => draftsOf(formId), staleTime: 0 })
  const [publishing, setPublishing] = useState<VersionSummary>()
  const notices = useNotices()
  const entries = [...(form.versions ?? []), ...(drafts.data ?? [])].sort((a, b) =>
    changedAt(b).localeCompare(changedAt(a)),
  )
  const publish = async (version: VersionSummary) => {
    await setPublished(formId, version.id, true)
    await onPublished()
    notices.done(t('published', { version: version.version }))
  }
  return (
    <>
      <Modal
        show={!publishing}
        onHide={onClose}
        size="lg"
        scrollable
        fullscreen="sm-down"
        aria-labelledby="versions-title"
      >
        <Modal.Header closeButton closeLabel={t('close', { ns: 'common' })}>
          <Modal.Title id="versions-title" as="h2" className="h5">
            {t('versions')}
          </Modal.Title>
        </Modal.Header>
        <Modal.Body>
          {drafts.isPending && <Loading rows={3} />}
          {drafts.error && (
            <Failure error={drafts.error} what={t('versionsNotLoaded')} retry={() => void drafts.refetch()} />
          )}
          {drafts.data && entries.length === 0 && <p className="mb-0">{t('noVersions')}</p>}
          {drafts.data && entries.length > 0 && (
            <ul className="design-versions">
              {entries.map((entry) => (
                <VersionRow
                  key={entry.id}
                  entry={entry}
                  formId={formId}
                  design={design}
                  onClose={onClose}
                  onPublish={setPublishing}
                />
              ))}
            </ul>
          )}
        </Modal.Body>
      </Modal>
      {publishing && (
        <Confirm
          show
          title={t('publishAgainTitle', { version: publishing.version })}
          action={t('publish')}
          failed={t('notPublished')}
          onConfirm={() => publish(publishing)}
          onClose={() => setPublishing(undefined)}
        >
          <p className="mb-0">{t('publishText')}</p>
        </Confirm>
      )}
    </>
  )
}

type VersionRowProps = {
  entry: Entry
  formId: string
  design: Design
  onClose(): void
  onPublish(version: VersionSummary): void
}

function VersionRow({ entry, formId, design, onClose, onPublish }: VersionRowProps) {
  const { t } = useTranslation('design')
  const form = useForm()
  const may = useMay()
  const isVersion = 'version' in entry
  const name = isVersion ? t('version', { version: entry.version }) : t('draft')
  const isShown = design.base.kind !== 'nothing' && design.base.id === entry.id
  const acts = useEntryActs(formId, entry, design, onClose)
  const download = () =>
    acts.download.mutate(fileName(form.name, isVersion ? `v${entry.version}` : t('draft').toLowerCase()))
  const by = isVersion ? entry.createdBy : (entry.updatedBy ?? entry.createdBy)
  return (
    <li aria-label={name}>
      <div className="design-version">
        <div className="flex-grow-1">
          <strong>{name}</strong> {isVersion && entry.published && <Badge bg="primary">{t('isPublished')}</Badge>}{' '}
          {isShown && <Badge bg="secondary">{t('isShown')}</Badge>}
          <div className="small text-body-secondary">
            {by} · <RelativeTime at={changedAt(entry)} />
          </div>
        </div>
        <Row>
          <Link
            className="btn btn-sm btn-outline-secondary"
            to="/app/form/preview"
            search={{ f: formId, v: entry.id }}
            aria-label={t('viewWhat', { name })}
          >
            {t('view')}
          </Link>
          <Act label={t('restoreWhat', { name })} act={acts.restore} hidden={isShown}>
            {t('restore')}
          </Act>
          {isVersion && !entry.published && (
            <Button
              size="sm"
              variant="outline-secondary"
              aria-label={t('publishWhat', { name })}
              onClick={() => onPublish(entry)}
            >
              {t('publish')}
            </Button>
          )}
          <Button
            size="sm"
            variant="outline-secondary"
            aria-label={t('downloadWhat', { name })}
            onClick={download}
            disabled={acts.download.isPending}
          >
            {t('download')}
          </Button>
          {!isVersion && !isShown && may('design_delete') && (
            <Act label={t('deleteWhat', { name })} act={acts.remove}>
              {t('delete', { ns: 'common' })}
            </Act>
          )}
        </Row>
      </div>
      {acts.error !== null && <Failure error={acts.error} what={t('notDone')} />}
    </li>
  )
}

function Row({ children }: { children: ReactNode }) {
  return <div className="d-flex flex-wrap gap-2">{children}</div>
}

type ActProps = {
  label: string
  act: { mutate(): void; isPending: boolean }
  hidden?: boolean
  children: ReactNode
}

function Act({ label, act, hidden, children }: ActProps) {
  if (hidden) return null
  return (
    <Button
      size="sm"
      variant="outline-secondary"
      aria-label={label}
      onClick={() => act.mutate()}
      disabled={act.isPending}
    >
      {children}
    </Button>
  )
}

function useEntryActs(formId: string, entry: Entry, design: Design, onClose: () => void) {
  const { t } = useTranslation('design')
  const queries = useQueryClient()
  const notices = useNotices()
  const refresh = () => queries.invalidateQueries({ queryKey: ['form', formId, 'drafts'] })

  const restore = useMutation({
    async mutationFn() {
      // What is shown goes into its own draft first: restoring takes nothing away.
      if (!(await design.flush())) throw new Error('The draft could not be saved.')
      const { definition } = await openOne(formId, entry)
      const draft = await addDraft(formId, JSON.stringify(definition), 'version' in entry ? entry.id : null)
      return { definition, draft }
    },
    onSuccess({ definition, draft }) {
      design.load({
        definition,
        base: { kind: 'draft', id: draft.id, updatedAt: draft.updatedAt },
        at: draft.updatedAt,
      })
      notices.done(t('restoredVersion'), () => design.undo())
      onClose()
    },
  })
  const download = useMutation({
    mutationFn: async (name: string) => downloadJson((await openOne(formId, entry)).definition, name),
  })
  const remove = useMutation({
    async mutationFn() {
      const { definition } = await openOne(formId, entry)
      await answer(
        api.DELETE('/app/api/v1/forms/{formId}/drafts/{formVersionDraftId}', {
          params: { path: { formId, formVersionDraftId: entry.id } },
        }),
      )
      await refresh()
      return JSON.stringify(definition)
    },
    onSuccess: (text) => notices.done(t('draftDeleted'), () => void addDraft(formId, text, null).then(refresh)),
  })
  return { restore, download, remove, error: restore.error ?? download.error ?? remove.error }
}
