/** More of a body is not shown: a page with megabytes of text no longer scrolls. */
export const shownBytes = 1_000_000

export type TryReply = {
  status: number
  statusText: string
  headers: [name: string, value: string][]
  /** Undefined for what is no text. */
  text: string | undefined
  mediaType: string
  /** Whether there was more than is shown. */
  cut: boolean
}

const shownHeaders = ['RateLimit-Policy', 'RateLimit', 'Retry-After', 'Content-Type', 'Content-Disposition', 'ETag']

/** Reads a reply as far as it is shown; the rest is not even fetched. */
export async function readReply(response: Response): Promise<TryReply> {
  const mediaType = response.headers.get('content-type')?.split(';')[0] ?? ''
  const isText = mediaType === '' || /^text\/|json$|xml$|yaml$/.test(mediaType)
  const { bytes, cut } = isText ? await firstBytes(response) : { bytes: new Uint8Array(), cut: false }
  if (!isText) await response.body?.cancel()
  const text = new TextDecoder().decode(bytes)
  return {
    status: response.status,
    statusText: response.statusText,
    headers: shownHeaders.flatMap((name): [string, string][] => {
      const value = response.headers.get(name)
      return value === null ? [] : [[name, value]]
    }),
    text: isText ? (cut ? text : pretty(text, mediaType)) : undefined,
    mediaType,
    cut,
  }
}

async function firstBytes(response: Response): Promise<{ bytes: Uint8Array; cut: boolean }> {
  const reader = response.body?.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  while (reader && length <= shownBytes) {
    const { value, done } = await reader.read()
    if (done) break
    chunks.push(value)
    length += value.length
  }
  const cut = length > shownBytes
  if (cut) await reader?.cancel()
  const bytes = new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer()) // chunks of a reply are never shared memory
  return { bytes: bytes.subarray(0, shownBytes), cut }
}

function pretty(text: string, mediaType: string): string {
  if (!mediaType.endsWith('json')) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
