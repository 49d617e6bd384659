import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useBlocker } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import { Button, Modal } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import { ApiProblem } from '../../api/problem.ts'
import type { components } from '../../api/schema.d.ts'
import { formQuery, useForm, useMay } from '../../app/form.ts'
import { Failure } from '../../ui/failure.tsx'
import { focusFirstMistake } from './focus-first-mistake.ts'

export type FormChange = components['schemas']['FormChange']

/**
 * The fields of one section: what was typed, whether that differs from what is stored, and how it is saved.
 * @param stored what the form has now, as fields
 * @param toChange the members of the form that the fields stand for
 */
export function useSettings<Fields extends object>(stored: Fields, toChange: (fields: Fields) => FormChange) {
  const { id } = useForm()
  const queries = useQueryClient()
  const [typed, setTyped] = useState<Partial<Fields>>({})
  const fields = { ...stored, ...typed }
  const dirty = JSON.stringify(fields) !== JSON.stringify(stored)
  const save = useMutation({
    mutationFn: () =>
      answer(api.PUT('/app/api/v1/forms/{formId}', { params: { path: { formId: id } }, body: toChange(fields) })),
    onSuccess: (form) => {
      queries.setQueryData(formQuery(id).queryKey, form)
      setTyped({})
      // Lists show the form's name too.
      return queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
    },
  })
  return {
    fields,
    dirty,
    save,
    set(change: Partial<Fields>) {
      // Fields that were disabled while they are saved would lose the focus.
      if (save.isPending) return
      save.reset()
      setTyped((before) => ({ ...before, ...change }))
    },
    undo() {
      save.reset()
      setTyped({})
    },
    /** What the server says of one field, by the path of the form's member. */
    errorAt: (path: string) => errorsOf(save.error).find((error) => error.path === path)?.message,
  }
}

type Settings = Pick<ReturnType<typeof useSettings<object>>, 'dirty' | 'save' | 'undo'>

function errorsOf(error: unknown) {
  return error instanceof ApiProblem ? (error.problem.errors ?? []) : []
}

type SettingsFormProps = {
  settings: Settings
  title: string
  lead?: ReactNode
  /** What is wrong with the fields, if anything; nothing is sent then. */
  mistake?: string | undefined
  /** Told whether *Save* was tried: mistakes are named then, and not while somebody still types. */
  children(tried: boolean): ReactNode
}

/** A panel of fields with *Save*, a visible state, and a question before what was typed is left behind. */
export function SettingsForm({ settings, title, lead, mistake, children }: SettingsFormProps) {
  const { t } = useTranslation('settings')
  const may = useMay()
  const { dirty, save, undo } = settings
  const [tried, setTried] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const saveButton = useRef<HTMLButtonElement>(null)
  const mayChange = may('form_update')
  const discard = () => {
    undo()
    // The button itself is gone now.
    saveButton.current?.focus()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(mistake !== undefined)
    if (mistake) focusFirstMistake(form.current)
    else if (dirty && !save.isPending) save.mutate()
  }
  return (
    <form ref={form} className="panel" onSubmit={submit} aria-label={title} noValidate>
      <h2>{title}</h2>
      {lead && <p className="text-width text-body-secondary">{lead}</p>}
      {!mayChange && <p className="text-width">{t('mayNotChange')}</p>}
      <fieldset disabled={!mayChange} className="settings-fields">
        <legend className="visually-hidden">{title}</legend>
        {children(tried && mistake !== undefined)}
      </fieldset>
      {save.error && <Failure error={save.error} what={t('notSaved')} />}
      {mayChange && (
        <div className="settings-save">
          {/* Not `disabled`: it would lose the focus as soon as it has done its work. */}
          <Button ref={saveButton} type="submit" aria-disabled={save.isPending || !dirty}>
            {t('save')}
          </Button>
          {dirty && (
            <Button variant="outline-secondary" onClick={discard} disabled={save.isPending}>
              {t('discard')}
            </Button>
          )}
          <span role="status" className="text-body-secondary">
            {save.isPending ? t('saving') : dirty ? t('unsaved') : save.isSuccess ? t('savedNow') : ''}
          </span>
        </div>
      )}
      <LeaveGuard dirty={dirty && mayChange} />
    </form>
  )
}

/** Asks before what was typed is lost: in a dialog for our own links, by the browser when the tab is closed. */
function LeaveGuard({ dirty }: { dirty: boolean }) {
  const { t } = useTranslation('settings')
  const blocker = useBlocker({ shouldBlockFn: () => dirty, enableBeforeUnload: () => dirty, withResolver: true })
  const stay = () => blocker.reset?.()
  return (
    <Modal show={blocker.status === 'blocked'} onHide={stay} centered aria-labelledby="leave-title">
      <Modal.Header>
        <Modal.Title id="leave-title" as="h2" className="h5">
          {t('leaveTitle')}
        </Modal.Title>
      </Modal.Header>
      <Modal.Body>
        <p>{t('leaveText')}</p>
      </Modal.Body>
      <Modal.Footer>
        <Button variant="outline-secondary" onClick={stay} autoFocus>
          {t('stay')}
        </Button>
        <Button variant="danger" onClick={() => blocker.proceed?.()}>
          {t('leave')}
        </Button>
      </Modal.Footer>
    </Modal>
  )
}
