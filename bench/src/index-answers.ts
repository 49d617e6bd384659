import { setTimeout as sleep } from 'node:timers/promises'
import { type BenchForm, type Credentials, callApi, signIn } from './scenario.ts'

/** Has fields of a form indexed, and waits until that is done. */
export async function indexAnswers(
  address: string,
  credentials: Credentials,
  { formId }: BenchForm,
  fields: string[],
): Promise<void> {
  const cookie = await signIn(address, credentials)
  const path = `/forms/${formId}/indexedFields`
  await callApi(address, cookie, 'PUT', path, { fields })
  for (let building = true; building; await sleep(200)) {
    // Its shape is that of IndexedFields.
    const shown = (await callApi(address, cookie, 'GET', path)) as unknown as { fields: { state: string }[] }
    building = shown.fields.some(({ state }) => state === 'building')
  }
}
