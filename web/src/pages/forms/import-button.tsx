import { type ChangeEvent, useRef, useState } from 'react'
import { Button, Modal } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { readDefinition } from '../design/definition-file.ts'
import type { Origin } from './origin.ts'

/** Asks for a file with a definition, and says what is wrong with one that has none. */
export function ImportButton({ onRead }: { onRead(origin: Origin): void }) {
  const { t } = useTranslation('forms')
  const input = useRef<HTMLInputElement>(null)
  const [refusal, setRefusal] = useState<string>()
  const read = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [chosen] = target.files ?? []
    if (!chosen) return
    const reading = await readDefinition(chosen)
    // The same file can be chosen again once it was mended.
    target.value = ''
    if (reading.kind === 'refused') return setRefusal(t(`file.${reading.reason}`, { name: chosen.name }))
    const { definition, suggestedName } = reading
    onRead({ kind: 'file', definition, suggestedName, fileName: chosen.name })
  }
  return (
    <>
      <Button variant="outline-secondary" onClick={() => input.current?.click()}>
        {t('import')}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        className="d-none"
        aria-label={t('importFile')}
        tabIndex={-1}
        onChange={(event) => void read(event)}
      />
      <Modal
        show={refusal !== undefined}
        onHide={() => setRefusal(undefined)}
        centered
        aria-labelledby="no-import-title"
      >
        <Modal.Header>
          <Modal.Title id="no-import-title" as="h2" className="h5">
            {t('notImported')}
          </Modal.Title>
        </Modal.Header>
        <Modal.Body>{refusal}</Modal.Body>
        <Modal.Footer>
          <Button onClick={() => setRefusal(undefined)} autoFocus>
            {t('close', { ns: 'common' })}
          </Button>
        </Modal.Footer>
      </Modal>
    </>
  )
}
