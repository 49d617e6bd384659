import { createTransport } from 'nodemailer'

export type Mail = { to: string; subject: string; text: string }

/** Hands a mail to the mail server. @returns whether it took it; what it said goes to the log */
export type SendMail = (mail: Mail) => Promise<boolean>

/** Whoever waits for the answer to an invitation must not wait for a mail server that hangs. */
const timeoutMs = 10_000

export type MailOptions = {
  smtpUrl: string | undefined
  publicUrl: URL | undefined
  warn(message: string): void
}

/** Mail over SMTP; without a mail server nothing is sent, and `false` says so. */
export function mailOver({ smtpUrl, publicUrl, warn }: MailOptions): SendMail {
  if (smtpUrl === undefined) return async () => false
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
  })
  const from = { name: 'Formgate', address: senderOf(new URL(smtpUrl), publicUrl) }
  return async (mail) => {
    try {
      await transport.sendMail({ from, ...mail })
      return true
    } catch (error) {
      // Without the mail's text: it holds a link that opens an account.
      warn(`A mail was not sent: ${error instanceof Error ? error.message : 'unknown reason'}`)
      return false
    }
  }
}

/** Mail servers take mail from the address that signs in to them; those without a user name, from our own domain. */
function senderOf(smtpUrl: URL, publicUrl: URL | undefined): string {
  const user = decodeURIComponent(smtpUrl.username)
  return user.includes('@') ? user : `formgate@${publicUrl?.hostname ?? 'localhost'}`
}
