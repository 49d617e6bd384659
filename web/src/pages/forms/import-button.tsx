import { useRef } from 'react'
import { Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { DefinitionFileInput } from '../design/definition-file-input.tsx'
import type { Origin } from './origin.ts'

/** Makes a new form start from the definition in a file. */
export function ImportButton({ onRead }: { onRead(origin: Origin): void }) {
  const { t } = useTranslation('forms')
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button variant="outline-secondary" onClick={() => input.current?.click()}>
        {t('import')}
      </Button>
      <DefinitionFileInput
        ref={input}
        label={t('importFile')}
        refusedTitle={t('notImported')}
        why={(reason, name) => t(`file.${reason}`, { name })}
        onRead={({ definition, suggestedName }, fileName) =>
          onRead({ kind: 'file', definition, suggestedName, fileName })
        }
      />
    </>
  )
}
