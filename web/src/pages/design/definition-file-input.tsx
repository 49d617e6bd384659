import { type ChangeEvent, type RefObject, useState } from 'react'
import { Button, Modal } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { type Reading, readDefinition } from './definition-file.ts'

type Read = Extract<Reading, { kind: 'definition' }>
type Reason = Extract<Reading, { kind: 'refused' }>['reason']

type DefinitionFileInputProps = {
  /** Click it to have a file chosen. */
  ref: RefObject<HTMLInputElement | null>
  label: string
  /** The heading over why a file was refused. */
  refusedTitle: string
  why(reason: Reason, fileName: string): string
  onRead(reading: Read, fileName: string): void
}

/** Has a file with a definition chosen, and says what is wrong with one that has none. */
export function DefinitionFileInput({ ref, label, refusedTitle, why, onRead }: DefinitionFileInputProps) {
  const { t } = useTranslation()
  const [refusal, setRefusal] = useState<string>()
  const read = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [chosen] = target.files ?? []
    if (!chosen) return
    const reading = await readDefinition(chosen)
    // The same file can be chosen again once it was mended.
    target.value = ''
    if (reading.kind === 'definition') onRead(reading, chosen.name)
    else setRefusal(why(reading.reason, chosen.name))
  }
  return (
    <>
      <input
        ref={ref}
        type="file"
        accept=".json,application/json"
        className="d-none"
        aria-label={label}
        tabIndex={-1}
        onChange={(event) => void read(event)}
      />
      <Modal show={refusal !== undefined} onHide={() => setRefusal(undefined)} centered aria-labelledby="refusal-title">
        <Modal.Header>
          <Modal.Title id="refusal-title" as="h2" className="h5">
            {refusedTitle}
          </Modal.Title>
        </Modal.Header>
        <Modal.Body>{refusal}</Modal.Body>
        <Modal.Footer>
          <Button onClick={() => setRefusal(undefined)} autoFocus>
            {t('close')}
          </Button>
        </Modal.Footer>
      </Modal>
    </>
  )
}
