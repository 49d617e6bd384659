import './share.scss'
import { Link } from '@tanstack/react-router'
import { Alert } from 'react-bootstrap'
import { Trans, useTranslation } from 'react-i18next'
import { useForm, useMay } from '../../app/form.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Page } from '../../ui/page.tsx'
import { accessModeOf } from '../settings/access-mode.ts'
import { embedCode } from './embed-code.ts'
import { QrPanel } from './qr-panel.tsx'

/** The ways to hand a form out: link, QR code, a frame in another page. */
export function SharePage() {
  const { t } = useTranslation('share')
  const form = useForm()
  const mode = accessModeOf(form)
  const link = `${location.origin}/app/form/submit?f=${form.id}`
  return (
    <Page title={t('title')}>
      <NotYet />
      <section className="panel" aria-labelledby="share-link">
        <h2 id="share-link">{t('link')}</h2>
        <p className="share-link">
          <code dir="ltr">{link}</code>
          <span className="share-buttons">
            <CopyButton text={link} what={t('link')} variant="primary" />
            <a className="btn btn-outline-secondary" href={link} target="_blank" rel="noreferrer">
              {t('open')} <span className="visually-hidden">{t('newTab')}</span>
            </a>
          </span>
        </p>
        <WhoMaySubmit />
      </section>
      <QrPanel link={link} fileName={form.snake} />
      <section className="panel" aria-labelledby="share-embed">
        <h2 id="share-embed">{t('embed')}</h2>
        <p className="text-width">{mode === 'public' ? t('embedText') : t('embedOnlyPublic')}</p>
        {mode === 'public' && <CodeBlock code={embedCode(location.origin, form.id, form.name)} what={t('embedCode')} />}
      </section>
    </Page>
  )
}

/** A link that leads nowhere yet must not be handed out unawares. */
function NotYet() {
  const { t } = useTranslation('share')
  const form = useForm()
  const may = useMay()
  // People who do not design the form are not told its versions; then nothing is known to be wrong.
  if (!form.versions || form.versions.some((version) => version.published)) return null
  return (
    <Alert variant="warning">
      {may('design_create') ? (
        <Trans
          t={t}
          i18nKey="notPublished"
          components={{ a: <Link to="/app/form/design" search={{ f: form.id }} /> }}
        />
      ) : (
        t('notPublishedByOthers')
      )}
    </Alert>
  )
}

function WhoMaySubmit() {
  const { t } = useTranslation('share')
  const form = useForm()
  const may = useMay()
  return (
    <p className="mb-0 text-width">
      {t(`who.${accessModeOf(form)}`)}{' '}
      {may('form_update') && (
        <Link to="/app/form/manage" search={{ f: form.id, section: 'access' }}>
          {t('changeAccess')}
        </Link>
      )}
    </p>
  )
}
