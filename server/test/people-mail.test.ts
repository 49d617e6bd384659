import { afterAll, beforeAll, expect, it } from 'vitest'
import { mailOver } from '../src/people/mail.ts'
import { openSmtpServer, type SmtpServer } from './smtp-server.ts'

const mail = { to: 'guest@example.org', subject: 'Your invitation', text: 'https://forms.example.org/app/…#token=abc' }
const publicUrl = new URL('https://forms.example.org')
let server: SmtpServer
beforeAll(async () => {
  server = await openSmtpServer()
})
afterAll(() => server.close())

it('hands a mail to the mail server, from an address of our own domain', async () => {
  const send = mailOver({ smtpUrl: server.url, publicUrl, warn: () => undefined })
  expect(await send(mail)).toBe(true)
  expect(server.heard()).toContain('RCPT TO:<guest@example.org>')
  expect(server.heard()).toContain('MAIL FROM:<formgate@forms.example.org>')
})

it('says that nothing was sent when there is no mail server', async () => {
  expect(await mailOver({ smtpUrl: undefined, publicUrl, warn: () => undefined })(mail)).toBe(false)
})

it('says that nothing was sent when the mail server does not answer, and logs no link', async () => {
  const warnings: string[] = []
  const send = mailOver({ smtpUrl: 'smtp://127.0.0.1:1', publicUrl, warn: (message) => warnings.push(message) })
  expect(await send(mail)).toBe(false)
  expect(warnings).toHaveLength(1)
  expect(warnings.join()).not.toContain('token')
})
