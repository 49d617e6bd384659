import './design.scss'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { Alert, Button, ButtonGroup } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useForm, useMay } from '../../app/form.ts'
import type { FieldError, FromFrame } from '../../frame/protocol.ts'
import { Failure } from '../../ui/failure.tsx'
import { FormFrame, type FormFrameHandle } from '../../ui/form-frame.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Page } from '../../ui/page.tsx'
import { draftsOf, type Opening, openDesign, openOne } from './opening.ts'

const route = getRouteApi('/signed-in/form/app/form/preview')

/** The form as respondents will meet it; what is filled in goes nowhere. */
export function PreviewPage() {
  const { t } = useTranslation('design')
  const { f: formId, v: id } = route.useSearch()
  const form = useForm()
  const may = useMay()
  const opening = useQuery({
    queryKey: ['form', formId, 'design', 'preview', id],
    async queryFn() {
      if (id === undefined) return openDesign(formId)
      const version = form.versions?.find((each) => each.id === id)
      const entry = version ?? (await draftsOf(formId)).find((draft) => draft.id === id)
      return entry ? openOne(formId, entry) : null
    },
    gcTime: 0,
  })
  const [width, setWidth] = useState<'wide' | 'phone'>('wide')
  return (
    <Page
      title={t('previewTitle')}
      lead={opening.data && <PreviewOf opening={opening.data} />}
      actions={
        <>
          <ButtonGroup size="sm" aria-label={t('width')}>
            {(['wide', 'phone'] as const).map((each) => (
              <Button
                key={each}
                variant="outline-secondary"
                active={width === each}
                aria-pressed={width === each}
                onClick={() => setWidth(each)}
              >
                {t(each)}
              </Button>
            ))}
          </ButtonGroup>
          {may('design_read') && (
            <Link className="btn btn-sm btn-primary" to="/app/form/design" search={{ f: formId }}>
              {t('backToDesign')}
            </Link>
          )}
        </>
      }
    >
      {opening.isPending && <Loading rows={6} />}
      {opening.error && <Failure error={opening.error} what={t('notOpened')} retry={() => void opening.refetch()} />}
      {opening.data === null && <Alert variant="warning">{t('versionGone')}</Alert>}
      {opening.data && (
        <div className={`design-preview design-preview-${width}`}>
          <h2 className="h4">{form.name}</h2>
          {form.description && <p>{form.description}</p>}
          <Trial key={id ?? 'newest'} opening={opening.data} />
        </div>
      )}
    </Page>
  )
}

function PreviewOf({ opening: { base } }: { opening: Opening }) {
  const { t } = useTranslation('design')
  return base.kind === 'version' ? t('previewOfVersion', { version: base.version }) : t('previewOfDraft')
}

type Outcome = { kind: 'valid' } | { kind: 'invalid'; errors: FieldError[] } | undefined

function Trial({ opening }: { opening: Opening }) {
  const { t } = useTranslation('design')
  const frame = useRef<FormFrameHandle>(null)
  const [ownSubmit, setOwnSubmit] = useState(true)
  const [outcome, setOutcome] = useState<Outcome>()
  const hear = (message: FromFrame) => {
    if (message.type === 'rendered') setOwnSubmit(message.hasSubmit)
    if (message.type === 'invalid') setOutcome({ kind: 'invalid', errors: message.errors })
    if (message.type === 'submit') {
      setOutcome({ kind: 'valid' })
      frame.current?.send({ type: 'submitted', ok: true })
    }
  }
  return (
    <>
      <div role="status">
        {outcome?.kind === 'valid' && <Alert variant="success">{t('valid')}</Alert>}
        {outcome?.kind === 'invalid' && (
          <Alert variant="danger">
            <p className="mb-1">{t('invalid', { count: outcome.errors.length })}</p>
            <ul className="mb-0">
              {outcome.errors.slice(0, 50).map((error) => (
                <li key={`${error.path} ${error.message}`}>
                  <Button
                    variant="link"
                    className="p-0 text-start"
                    onClick={() => frame.current?.send({ type: 'focus', path: error.path })}
                  >
                    {error.message || error.label || error.path}
                  </Button>
                </li>
              ))}
            </ul>
          </Alert>
        )}
      </div>
      <FormFrame
        ref={frame}
        mode="fill"
        definition={opening.definition}
        files={false}
        title={t('previewTitle')}
        onMessage={hear}
      />
      {!ownSubmit && (
        <Button className="mt-3" onClick={() => frame.current?.send({ type: 'submit' })}>
          {t('submit')}
        </Button>
      )}
    </>
  )
}
