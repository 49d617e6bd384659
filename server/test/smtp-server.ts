import { createServer } from 'node:net'

export type SmtpServer = { url: string; heard(): string; close(): Promise<void> }

/** A mail server (RFC 5321) that takes everything and keeps what it is told. */
export async function openSmtpServer(): Promise<SmtpServer> {
  let heard = ''
  const server = createServer((socket) => {
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
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `smtp://127.0.0.1:${port}`,
    heard: () => heard,
    close: () => new Promise((done) => server.close(() => done())),
  }
}
