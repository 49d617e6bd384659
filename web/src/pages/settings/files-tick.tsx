import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useForm } from '../../app/form.ts'
import { Failure } from '../../ui/failure.tsx'
import { allowFiles } from './api-key-queries.ts'

type FilesTickProps = { allowed: boolean; disabled: boolean; onChanged(): Promise<unknown> }

/** Whether programs get submitted files too; saved as soon as it is ticked. */
export function FilesTick({ allowed, disabled, onChanged }: FilesTickProps) {
  const { t } = useTranslation('api-key')
  const { t: common } = useTranslation()
  const { id } = useForm()
  // The box shows what was ticked at once, and what is stored when the server has answered.
  const [wanted, setWanted] = useState<boolean>()
  const change = useMutation({
    mutationFn: async (filesApiAccess: boolean) => {
      await allowFiles(id, filesApiAccess)
      await onChanged()
    },
    onSettled: () => setWanted(undefined),
  })
  return (
    <div className="mb-3">
      <div className="settings-inline">
        <Form.Check
          id="files-api-access"
          label={t('allowFiles')}
          checked={wanted ?? allowed}
          disabled={disabled}
          onChange={(event) => {
            setWanted(event.target.checked)
            change.mutate(event.target.checked)
          }}
        />
        <span role="status" className="small text-body-secondary">
          {change.isSuccess ? common('saved') : ''}
        </span>
      </div>
      {change.error && <Failure error={change.error} what={t('filesNotChanged')} />}
    </div>
  )
}
