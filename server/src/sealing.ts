import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto'
import type { RandomBytes } from './clock.ts'

/** Seals secrets that must be shown again, and signs short tokens, with keys derived from SECRET_KEY. */
export type Sealing = {
  /** @param context what the text belongs to; a sealed text opens only under the same context */
  seal(text: string, context: string): string
  open(sealed: string, context: string): string
  sign(text: string): string
  /** Tells one SECRET_KEY from another without revealing it. */
  fingerprint: string
}

const nonceBytes = 12
const tagBytes = 16

/**
 * AES-256-GCM under a key derived by HKDF (RFC 5869). A sealed text is `v1.<key id>.<base64url>`: the key id lets a later
 * SECRET_KEY be told from the one it was sealed with.
 */
export function sealingWith(secretKey: string, random: RandomBytes): Sealing {
  const sealKey = derive(secretKey, 'formgate seal v1')
  const signKey = derive(secretKey, 'formgate sign v1')
  const fingerprint = createHash('sha256')
    .update(derive(secretKey, 'formgate fingerprint v1'))
    .digest('hex')
    .slice(0, 16)
  const keyId = fingerprint.slice(0, 8)

  return {
    fingerprint,
    seal(text, context) {
      const nonce = random(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce).setAAD(Buffer.from(context))
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `v1.${keyId}.${sealed.toString('base64url')}`
    },
    open(sealed, context) {
      const [version, id, body] = sealed.split('.')
      if (version !== 'v1' || id !== keyId || body === undefined) throw new Error('Sealed with another SECRET_KEY.')
      const bytes = Buffer.from(body, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', sealKey, bytes.subarray(0, nonceBytes)).setAAD(
        Buffer.from(context),
      )
      decipher.setAuthTag(bytes.subarray(-tagBytes))
      return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8')
    },
    sign: (text) => createHmac('sha256', signKey).update(text).digest('base64url'),
  }
}

function derive(secretKey: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, '', purpose, 32))
}
