import { createLink, Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { Button, Dropdown } from 'react-bootstrap'
import { Trans, useTranslation } from 'react-i18next'
import { useRestoreForm } from '../../app/delete-form-dialog.tsx'
import { formState } from '../../app/form-state.ts'
import { StateBadge } from '../../app/state-badge.tsx'
import { useFormat } from '../../i18n/format.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { changedAt, type ListedForm, mainPage } from './form-list.ts'

/** More rows at once are slow to draw and too many to look through. */
const rowsAtOnce = 100

type FormRowsProps = { forms: ListedForm[]; children(form: ListedForm): ReactNode }

/** The forms one below the other, the first hundred of them until more are asked for. */
export function FormRows({ forms, children }: FormRowsProps) {
  const { t } = useTranslation('forms')
  const format = useFormat()
  const [rows, setRows] = useState(rowsAtOnce)
  return (
    <>
      <ul className="form-rows">
        {forms.slice(0, rows).map((form) => (
          <li key={form.formId}>{children(form)}</li>
        ))}
      </ul>
      {forms.length > rows && (
        <p className="d-flex flex-wrap gap-3 align-items-center">
          <Button variant="outline-primary" onClick={() => setRows(rows + rowsAtOnce)}>
            {t('showMore')}
          </Button>
          <span className="text-body-secondary">
            {t('shownOf', { shown: format.number(rows), total: format.number(forms.length) })}
          </span>
        </p>
      )}
    </>
  )
}

type FormRowProps = { form: ListedForm; onCopy(): void; onDelete(): void }

export function FormRow({ form, onCopy, onDelete }: FormRowProps) {
  const { t } = useTranslation('forms')
  const format = useFormat()
  const page = mainPage(form)
  return (
    <>
      <div className="form-row-main">
        <h2 className="form-row-name">
          {page ? (
            <Link to={page} search={{ f: form.formId }}>
              {form.formName}
            </Link>
          ) : (
            <a href={`/app/form/submit?f=${form.formId}`}>{form.formName}</a>
          )}{' '}
          <StateBadge state={formState(form)} />
        </h2>
        {form.description && <p className="form-row-description">{form.description}</p>}
        <p className="form-row-facts">
          {form.permissions.includes('submission_read') && (
            <span>
              {t('submissions', { count: form.submissionCount, formatted: format.number(form.submissionCount) })}
            </span>
          )}
          <span>
            <Trans t={t} i18nKey="changed" components={{ time: <RelativeTime at={changedAt(form)} /> }} />
          </span>
        </p>
      </div>
      <Actions form={form} onCopy={onCopy} onDelete={onDelete} />
    </>
  )
}

const DropdownLink = createLink(Dropdown.Item)

/** The ways on from a form, those that this person may go. */
const pages = [
  { to: '/app/form/design', text: 'open.design', needs: 'design_create' },
  { to: '/app/form/submissions', text: 'open.submissions', needs: 'submission_read' },
  { to: '/app/form/share', text: 'open.share', needs: 'design_read' },
  { to: '/app/form/manage', text: 'open.settings', needs: 'design_read' },
] as const

function Actions({ form, onCopy, onDelete }: FormRowProps) {
  const { t } = useTranslation('forms')
  const may = (permission: string) => form.permissions.includes(permission)
  if (!may('design_read') && !may('submission_read')) return null
  return (
    <Dropdown align="end">
      <Dropdown.Toggle variant="outline-secondary" size="sm" aria-label={t('actionsOf', { form: form.formName })}>
        {t('actions')}
      </Dropdown.Toggle>
      <Dropdown.Menu>
        {pages
          .filter(({ needs }) => may(needs))
          .map(({ to, text }) => (
            <DropdownLink key={to} to={to} search={{ f: form.formId }}>
              {t(text)}
            </DropdownLink>
          ))}
        {may('design_read') && (
          <>
            <Dropdown.Divider />
            <Dropdown.Item as="button" onClick={onCopy}>
              {t('copy')}
            </Dropdown.Item>
          </>
        )}
        {may('form_delete') && (
          <Dropdown.Item as="button" onClick={onDelete} className="text-danger">
            {t('delete')}
          </Dropdown.Item>
        )}
      </Dropdown.Menu>
    </Dropdown>
  )
}

/** A deleted form, for whoever may bring it back. */
export function DeletedFormRow({ form }: { form: ListedForm }) {
  const { t } = useTranslation('forms')
  const restore = useRestoreForm()
  const [busy, setBusy] = useState(false)
  const bringBack = async () => {
    setBusy(true)
    await restore({ id: form.formId, name: form.formName })
    setBusy(false)
  }
  return (
    <>
      <div className="form-row-main">
        <h2 className="form-row-name">{form.formName}</h2>
        {form.description && <p className="form-row-description">{form.description}</p>}
        <p className="form-row-facts">
          <span>
            <Trans t={t} i18nKey="deletedAt" components={{ time: <RelativeTime at={form.updatedAt} /> }} />
          </span>
        </p>
      </div>
      {form.permissions.includes('form_delete') && (
        <Button
          size="sm"
          variant="outline-primary"
          disabled={busy}
          onClick={() => void bringBack()}
          aria-label={t('restoreNamed', { form: form.formName })}
        >
          {t('restore')}
        </Button>
      )}
    </>
  )
}
