import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../api/client.ts'
import type { components } from '../../api/schema.d.ts'
import { type ExportChoice, exportBody } from './export-choice.ts'

export type PreparedExport = components['schemas']['BackgroundExport']

/** The exports that the server made, or is making, as files. */
export const preparedQuery = (formId: string) =>
  queryOptions({
    queryKey: ['exports', formId],
    queryFn: () => answer(api.GET('/app/api/v1/forms/{formId}/exports', { params: { path: { formId } } })),
  })

export function prepareExport(formId: string, choice: ExportChoice): Promise<PreparedExport> {
  return answer(
    api.POST('/app/api/v1/forms/{formId}/export', { params: { path: { formId } }, body: exportBody(choice) }),
  )
}

export function cancelPrepared(formId: string, exportId: string): Promise<unknown> {
  return answer(api.DELETE('/app/api/v1/forms/{formId}/export/{exportId}', { params: { path: { formId, exportId } } }))
}

export function isUnderWay({ status }: PreparedExport): boolean {
  return status === 'waiting' || status === 'running'
}

/** Tells of an export each time that it changes, until it is over. @returns what to call to hear no more */
export function followPrepared(formId: string, exportId: string, heard: (changed: PreparedExport) => void): () => void {
  const events = new EventSource(`/app/api/v1/forms/${formId}/export/${exportId}`)
  events.addEventListener('progress', ({ data }) => {
    // What our own server sends, as its OpenAPI says.
    const changed = JSON.parse(data) as PreparedExport
    heard(changed)
    // The server ends the stream then, and the browser would ask for it again and again.
    if (!isUnderWay(changed)) events.close()
  })
  return () => events.close()
}
