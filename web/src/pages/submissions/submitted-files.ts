import { call } from '../../api/client.ts'
import { problemOf } from '../../api/problem.ts'

const uuid = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
const depthMax = 64

/**
 * The ids of the files that answers name, as form.io stores them: by `data.id`, or at the end of a `url`. Nothing else is
 * fetched for the frame, whatever a form's script asks for.
 */
export function fileIdsIn(answers: unknown, depth = 0): Set<string> {
  const found = new Set<string>()
  if (typeof answers !== 'object' || answers === null || depth > depthMax) return found
  if (!Array.isArray(answers)) {
    const { data, url } = answers as { data?: unknown; url?: unknown } // any JSON object has these or not
    const named = typeof data === 'object' && data !== null && 'id' in data ? data.id : undefined
    for (const each of [named, url]) {
      const id = typeof each === 'string' ? uuid.exec(each)?.[0] : undefined
      if (id) found.add(id.toLowerCase())
    }
  }
  for (const each of Object.values(answers)) for (const id of fileIdsIn(each, depth + 1)) found.add(id)
  return found
}

/** Fetches a file and saves it under its name. @throws ApiProblem */
export async function saveFile(fileId: string, name: string): Promise<void> {
  const response = await call(new Request(`/app/api/v1/files/${encodeURIComponent(fileId)}`))
  if (!response.ok) throw problemOf(response, await response.json().catch(() => undefined))
  saveAs(await response.blob(), name)
}

export function saveAs(content: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  // The browser reads it after this turn; a minute is plenty, and then the memory is free again.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
