import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { Button, ButtonGroup, Dropdown, Spinner } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useForm } from '../../app/form.ts'
import type { Definition } from '../../frame/protocol.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { type Display, fileName } from './definition.ts'
import { downloadJson } from './definition-file.ts'
import { DefinitionFileInput } from './definition-file-input.tsx'
import type { DesignDialog } from './designer.tsx'
import type { Design } from './use-design.ts'

type ToolbarProps = {
  design: Design
  display: Display
  onDisplay(display: Display): void
  onDialog(dialog: DesignDialog): void
  onImport(definition: Definition, name: string): void
}

export function Toolbar({ design, display, onDisplay, onDialog, onImport }: ToolbarProps) {
  const { t } = useTranslation('design')
  const form = useForm()
  const navigate = useNavigate()
  const [opening, setOpening] = useState(false)
  const preview = async () => {
    setOpening(true)
    // The preview shows what is stored; where storing failed, the failure stays on the page.
    const saved = await design.flush()
    setOpening(false)
    if (saved) await navigate({ to: '/app/form/preview', search: { f: form.id } })
  }
  return (
    <div className="design-bar">
      <label className="design-display">
        <span className="visually-hidden">{t('display')}</span>
        <select
          className="form-select form-select-sm"
          value={display}
          onChange={(event) => onDisplay(event.target.value as Display)} // the options below are all there are
        >
          <option value="form">{t('displayForm')}</option>
          <option value="wizard">{t('displayWizard')}</option>
        </select>
      </label>
      <ButtonGroup size="sm" aria-label={t('steps')}>
        <Button variant="outline-secondary" onClick={design.undo} disabled={!design.canUndo}>
          {t('undo', { ns: 'common' })}
        </Button>
        <Button variant="outline-secondary" onClick={design.redo} disabled={!design.canRedo}>
          {t('redo')}
        </Button>
      </ButtonGroup>
      <SaveStatus design={design} />
      <div className="design-bar-end">
        <Button size="sm" variant="outline-secondary" onClick={preview} disabled={opening}>
          {opening && <Spinner size="sm" aria-hidden="true" className="me-1" />}
          {t('preview')}
        </Button>
        <Button size="sm" onClick={() => onDialog('publish')}>
          {t('publish')}
        </Button>
        <More design={design} onDialog={onDialog} onImport={onImport} />
      </div>
    </div>
  )
}

function SaveStatus({ design: { saveState } }: { design: Design }) {
  const { t } = useTranslation('design')
  return (
    <span className="design-status" role="status">
      {saveState.kind === 'unchanged' && t('unchanged')}
      {saveState.kind === 'waiting' && t('waiting')}
      {saveState.kind === 'saving' && t('saving')}
      {saveState.kind === 'saved' && (
        <>
          {t('saved', { ns: 'common' })} <RelativeTime at={saveState.at} />
        </>
      )}
      {(saveState.kind === 'failed' || saveState.kind === 'conflict') && (
        <strong className="text-danger">{t('notSaved')}</strong>
      )}
    </span>
  )
}

function More({ design, onDialog, onImport }: Pick<ToolbarProps, 'design' | 'onDialog' | 'onImport'>) {
  const { t } = useTranslation('design')
  const form = useForm()
  const file = useRef<HTMLInputElement>(null)
  const published = form.versions?.some((version) => version.published)
  return (
    <>
      <Dropdown align="end">
        <Dropdown.Toggle size="sm" variant="outline-secondary">
          {t('more')}
        </Dropdown.Toggle>
        <Dropdown.Menu>
          <Dropdown.Item as="button" onClick={() => onDialog('versions')}>
            {t('versions')}
          </Dropdown.Item>
          <Dropdown.Divider />
          <Dropdown.Item
            as="button"
            onClick={() => downloadJson(design.definition(), fileName(form.name, t('fileWhat')))}
          >
            {t('exportFile')}
          </Dropdown.Item>
          <Dropdown.Item as="button" onClick={() => file.current?.click()}>
            {t('importFile')}
          </Dropdown.Item>
          {published && (
            <>
              <Dropdown.Divider />
              <Dropdown.Item as="button" onClick={() => onDialog('unpublish')}>
                {t('unpublish')}
              </Dropdown.Item>
            </>
          )}
        </Dropdown.Menu>
      </Dropdown>
      <DefinitionFileInput
        ref={file}
        label={t('importFile')}
        refusedTitle={t('notImported')}
        why={(reason, name) => t(reason, { name })}
        onRead={({ definition }, name) => onImport(definition, name)}
      />
    </>
  )
}
