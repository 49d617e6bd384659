import { expect, it } from 'vitest'
import { isUuid, lowerCaseIds } from './uuid.ts'

const id = '8f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d'

it.each([
  [id, true],
  [id.toUpperCase(), true],
  ['00000000-0000-0000-0000-000000000000', true],
  ['ffffffff-ffff-ffff-ffff-ffffffffffff', true],
  [id.replaceAll('-', ''), false],
  [`{${id}}`, false],
  [`urn:uuid:${id}`, false],
  [`${id} `, false],
  [`${id}\n`, false],
  [id.slice(1), false],
  [id.replace('8', 'g'), false],
  ['', false],
])('finds that %j is a UUID: %s', (text, answer) => {
  expect(isUuid(text)).toBe(answer)
})

it('writes ids in small letters and leaves all else', () => {
  const params = { formId: id.toUpperCase(), code: 'SUBMITTED', '*': '' }
  lowerCaseIds(params)
  expect(params).toEqual({ formId: id, code: 'SUBMITTED', '*': '' })
})
