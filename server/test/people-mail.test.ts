import { createServer, type Server } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { mailOver } from '../src/people/mail.ts'

const mail = { to: 'guest@example.org', subject: 'Your invitation', text: 'https://forms.example.org/app/…#token=abc' }
const publicUrl = new URL('https://forms.example.org')
let server: Server | undefined
afterEach(() => new Promise<void>((done) => (server ? server.close(() => done()) : done())))

/** A mail server that takes everything, and keeps what it is told. */
function smtpServer(): Promise<{ url: string; heard: () => string }> {
  let heard = ''
  server = createServer((socket) => {
    let inMail = false
    socket.write('220 test\r\n')
    socket.on('data', (chunk) => {
      heard += chunk
      for (const line of String(chunk).split('\r\n').slice(0, -1)) {
        if (inMail && line !== '.') continue
        if (line === 'DATA') socket.write('354 go on\r\n')
        else socket.write(line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n')
        inMail = line === 'DATA'
      }
    })
  })
  return new Promise((resolve) => {
    server?.listen(0, '127.0.0.1', () => {
      const address = server?.address()
      const port = typeof address === 'object' && address ? address.port : 0
      resolve({ url: `smtp://127.0.0.1:${port}`, heard: () => heard })
    })
  })
}

it('hands a mail to the mail server', async () => {
  const { url, heard } = await smtpServer()
  const send = mailOver({ smtpUrl: url, publicUrl, warn: () => undefined })
  expect(await send(mail)).toBe(true)
  expect(heard()).toContain('RCPT TO:<guest@example.org>')
  expect(heard()).toContain('MAIL FROM:<formgate@forms.example.org>')
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
