import { Negotiator } from '@fastify/accept-negotiator'

/** In the order of our preference. */
const codings = ['zstd', 'gzip', 'identity'] as const
export type ContentCoding = (typeof codings)[number]

const negotiator = new Negotiator({ supportedValues: [...codings] })

/** The content coding that a caller accepts (RFC 9110, 12.5.3); those who name none get the bytes as they are. */
export function contentCodingFor(acceptEncoding: string | undefined): ContentCoding {
  const best = negotiator.negotiate(acceptEncoding?.toLowerCase() ?? '')
  return codings.find((coding) => coding === best) ?? 'identity'
}
