import { checkDefinition } from '../../../../server/src/validation/definition.ts'
import type { Definition } from '../../frame/protocol.ts'
import { definitionCharactersMax, definitionIn, nameIn } from './definition.ts'

/** `reason` is a key of `design.json`, and of `forms.json` below `file`. */
export type Reading =
  | { kind: 'definition'; definition: Definition; suggestedName: string }
  | { kind: 'refused'; reason: 'fileTooLarge' | 'fileNoJson' | 'fileNoDefinition' | 'fileBadDefinition' }

/** The definition in a file that somebody chose. */
export async function readDefinition(file: File): Promise<Reading> {
  if (file.size > definitionCharactersMax) return { kind: 'refused', reason: 'fileTooLarge' }
  let value: unknown
  try {
    value = JSON.parse(await file.text())
  } catch {
    return { kind: 'refused', reason: 'fileNoJson' }
  }
  const definition = definitionIn(value)
  if (!definition) return { kind: 'refused', reason: 'fileNoDefinition' }
  if (checkDefinition(definition).kind === 'bad') return { kind: 'refused', reason: 'fileBadDefinition' }
  return { kind: 'definition', definition, suggestedName: nameIn(value, file.name) }
}

/** Gives the browser a file to save. */
export function downloadJson(value: unknown, name: string): void {
  const address = URL.createObjectURL(new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has taken it once it began the download.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
