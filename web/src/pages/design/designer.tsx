import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { Alert, Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { Failure } from '../../ui/failure.tsx'
import { FormFrame } from '../../ui/form-frame.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { useTitle } from '../../ui/page.tsx'
import { ConflictDialog } from './conflict-dialog.tsx'
import { type Display, displayOf, withDisplay } from './definition.ts'
import { formOf, type Opening, ofVersion } from './opening.ts'
import { PublishDialog, UnpublishDialog } from './publish-dialog.tsx'
import { Toolbar } from './toolbar.tsx'
import { type Design, useDesign } from './use-design.ts'
import { useOthersChange } from './use-others-change.ts'
import { VersionsDialog } from './versions-dialog.tsx'

type DesignerProps = { formId: string; personId: string; opening: Opening; restored: string | undefined }
export type DesignDialog = 'publish' | 'unpublish' | 'versions' | undefined

/** form.io's builder with everything around it. */
export function Designer({ formId, personId, opening, restored }: DesignerProps) {
  const { t } = useTranslation('design')
  const heading = useTitle(t('title'))
  const notices = useNotices()
  const design = useDesign({ formId, personId, opening, restored })
  const [first] = useState(design.definition)
  const [dialog, setDialog] = useState<DesignDialog>()
  const published = usePublished(formId, design)
  const others = useOthersChange(formId, design)

  // biome-ignore lint/correctness/useExhaustiveDependencies: said once, when the designer opens.
  useEffect(() => {
    if (restored !== undefined) notices.done(t('restored'), () => design.undo())
  }, [])

  const replace = (definition: Parameters<Design['replace']>[0], said: string) => {
    design.replace(definition)
    notices.done(said, () => design.undo())
  }
  const { text } = design
  const display = useMemo(() => displayOf(JSON.parse(text)), [text])
  const changeDisplay = (chosen: Display) => {
    const changed = withDisplay(design.definition(), chosen, (page) => t('pageTitle', { page }))
    replace(changed, t(chosen === 'wizard' ? 'isWizard' : 'isForm'))
  }
  return (
    <div className="design">
      <h1 ref={heading} tabIndex={-1} className="visually-hidden">
        {t('title')}
      </h1>
      <Toolbar
        design={design}
        display={display}
        onDisplay={changeDisplay}
        onDialog={setDialog}
        onImport={(definition, name) => replace(definition, t('imported', { name }))}
      />
      <SaveFailure design={design} />
      {others.found && <OthersChange theirs={others.found} onLoad={others.load} onIgnore={others.ignore} />}
      <FormFrame
        ref={design.frame}
        mode="build"
        definition={first}
        title={t('builder')}
        onMessage={(message) => {
          if (message.type === 'definition') design.changed(message.definition)
          if (message.type === 'undo') design.undo()
          if (message.type === 'redo') design.redo()
        }}
      />
      <ConflictDialog formId={formId} design={design} />
      <PublishDialog
        show={dialog === 'publish'}
        design={design}
        formId={formId}
        onPublished={published}
        onClose={() => setDialog(undefined)}
      />
      <UnpublishDialog
        show={dialog === 'unpublish'}
        formId={formId}
        onDone={published}
        onClose={() => setDialog(undefined)}
      />
      {dialog === 'versions' && (
        <VersionsDialog formId={formId} design={design} onClose={() => setDialog(undefined)} onPublished={published} />
      )}
    </div>
  )
}

/** What follows when something was published or taken back: the badge, and what the next change is stored into. */
function usePublished(formId: string, design: Design) {
  const queries = useQueryClient()
  return async () => {
    await queries.invalidateQueries({ queryKey: ['form', formId] })
    const base = design.baseNow()
    if (base.kind !== 'version') return
    const version = (await formOf(formId)).versions?.find((each) => each.id === base.id)
    if (version) design.rebase(ofVersion(version))
  }
}

function SaveFailure({ design }: { design: Design }) {
  const { t } = useTranslation('design')
  if (design.saveState.kind !== 'failed') return null
  return <Failure error={design.saveState.error} what={t('notSavedSafe')} retry={() => void design.flush()} />
}

type OthersChangeProps = { theirs: Opening; onLoad(): void; onIgnore(): void }

function OthersChange({ theirs, onLoad, onIgnore }: OthersChangeProps) {
  const { t } = useTranslation('design')
  const format = useFormat()
  return (
    <Alert variant="warning" className="d-flex flex-wrap align-items-center gap-2" role="status">
      <span className="flex-grow-1">
        {t('othersChanged', { by: theirs.by, ago: theirs.at ? format.ago(theirs.at) : '' })}
      </span>
      <Button size="sm" onClick={onLoad}>
        {t('loadTheirs')}
      </Button>
      <Button size="sm" variant="outline-secondary" onClick={onIgnore}>
        {t('notNow', { ns: 'common' })}
      </Button>
    </Alert>
  )
}
