import './forms.scss'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { Button, Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { DeleteFormDialog } from '../../app/delete-form-dialog.tsx'
import { localeFor } from '../../i18n/languages.ts'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Page } from '../../ui/page.tsx'
import { addressOf, type ListedForm, type ListState, listStateIn, orders, shownForms } from './form-list.ts'
import { formsQuery } from './form-queries.ts'
import { DeletedFormRow, FormRow, FormRows } from './form-rows.tsx'
import { ImportButton } from './import-button.tsx'
import { NewFormDialog } from './new-form-dialog.tsx'
import type { Origin } from './origin.ts'

/** The forms of the signed-in person: to find one, and to make another. */
export function FormsPage() {
  const { t } = useTranslation('forms')
  const [state, change] = useListState()
  const [origin, setOrigin] = useState<Origin>()
  const navigate = useNavigate()
  const list = useQuery(formsQuery(state.deleted))
  const newForm = <Button onClick={() => setOrigin({ kind: 'nothing' })}>{t('newForm')}</Button>
  const importForm = <ImportButton onRead={setOrigin} />
  const isFirstVisit = list.data?.length === 0 && !state.deleted

  return (
    <Page
      title={t('title')}
      actions={
        !isFirstVisit && (
          <>
            {importForm}
            {newForm}
          </>
        )
      }
    >
      {isFirstVisit ? (
        <div className="panel">
          <p className="text-width">{t('none')}</p>
          <div className="d-flex flex-wrap gap-2">
            {newForm}
            {importForm}
          </div>
        </div>
      ) : (
        <Toolbar state={state} onChange={change} />
      )}
      {isFirstVisit && <DeletedSwitch state={state} onChange={change} />}
      {list.error && <Failure error={list.error} what={t('notListed')} retry={() => void list.refetch()} />}
      {list.isPending && <Loading rows={6} />}
      {list.data && !isFirstVisit && (
        <Found forms={list.data} state={state} onChange={change} onCopy={(form) => setOrigin({ kind: 'copy', form })} />
      )}
      <NewFormDialog
        origin={origin}
        onClose={() => setOrigin(undefined)}
        onMade={(formId) => void navigate({ to: '/app/form/design', search: { f: formId } })}
      />
    </Page>
  )
}

const route = getRouteApi('/signed-in/app')

function useListState(): [ListState, (change: Partial<ListState>) => void] {
  const state = listStateIn(route.useSearch())
  const navigate = useNavigate()
  const change = (changed: Partial<ListState>) =>
    void navigate({
      to: '/app',
      search: addressOf({ ...state, ...changed }),
      // Back leads to the page before, not through each letter of a search.
      replace: true,
      resetScroll: false,
    })
  return [state, change]
}

type ListProps = { state: ListState; onChange(change: Partial<ListState>): void }

function Toolbar({ state, onChange }: ListProps) {
  const { t } = useTranslation('forms')
  return (
    <search className="forms-toolbar">
      <Form.Group controlId="forms-search" className="forms-search">
        <Form.Label>{t('search')}</Form.Label>
        <Form.Control
          type="search"
          value={state.search}
          maxLength={200}
          onChange={({ target }) => onChange({ search: target.value })}
        />
      </Form.Group>
      <Form.Group controlId="forms-order">
        <Form.Label>{t('order')}</Form.Label>
        <Form.Select
          value={state.order}
          onChange={({ target }) => onChange({ order: orders.find((order) => order === target.value) ?? 'changed' })}
        >
          {orders.map((order) => (
            <option key={order} value={order}>
              {t(`orders.${order}`)}
            </option>
          ))}
        </Form.Select>
      </Form.Group>
      <DeletedSwitch state={state} onChange={onChange} />
    </search>
  )
}

function DeletedSwitch({ state, onChange }: ListProps) {
  const { t } = useTranslation('forms')
  return (
    <Form.Check
      type="switch"
      id="forms-deleted"
      label={t('showDeleted')}
      checked={state.deleted}
      onChange={({ target }) => onChange({ deleted: target.checked })}
    />
  )
}

type FoundProps = ListProps & { forms: ListedForm[]; onCopy(form: ListedForm): void }

/** The list, or why it is empty. */
function Found({ forms, state, onChange, onCopy }: FoundProps) {
  const { t, i18n } = useTranslation('forms')
  const [deleting, setDeleting] = useState<ListedForm>()
  const [asking, setAsking] = useState(false)
  const shown = shownForms(forms, state, localeFor(i18n.language))
  const row = (form: ListedForm): ReactNode =>
    state.deleted ? (
      <DeletedFormRow form={form} />
    ) : (
      <FormRow
        form={form}
        onCopy={() => onCopy(form)}
        onDelete={() => {
          setDeleting(form)
          setAsking(true)
        }}
      />
    )
  return (
    <>
      <p role="status" className={shown.length > 0 ? 'visually-hidden' : 'panel'}>
        {shown.length > 0 && t('found', { count: shown.length })}
        {shown.length === 0 && (forms.length === 0 ? t('noneDeleted') : t('noneFound', { search: state.search }))}
        {shown.length === 0 && state.search !== '' && (
          <Button variant="outline-primary" size="sm" className="ms-3" onClick={() => onChange({ search: '' })}>
            {t('clearSearch')}
          </Button>
        )}
      </p>
      {shown.length > 0 && <FormRows forms={shown}>{row}</FormRows>}
      {deleting && (
        <DeleteFormDialog
          form={{ id: deleting.formId, name: deleting.formName }}
          show={asking}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}
