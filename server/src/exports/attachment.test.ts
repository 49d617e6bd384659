import { expect, it } from 'vitest'
import { attachment } from './attachment.ts'

it('cuts a long name before its ending, never within a character', () => {
  const header = attachment(`${'😀'.repeat(300)}_submissions.csv`)
  expect(decodeURIComponent(header.split("''")[1] ?? '')).toBe(`${'😀'.repeat(100)}.csv`)
})

it.each([
  ['survey.csv', 'attachment; filename="survey.csv"'],
  ['enquête.csv', `attachment; filename="enqu-te.csv"; filename*=UTF-8''enqu%C3%AAte.csv`],
  ['ᓄᓇᕗᑦ.csv', `attachment; filename="-.csv"; filename*=UTF-8''%E1%93%84%E1%93%87%E1%95%97%E1%91%A6.csv`],
])('names %s in ASCII and, if need be, in full', (name, header) => {
  expect(attachment(name)).toBe(header)
})
