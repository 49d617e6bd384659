import { setHeaders } from './headers.ts'
import { streamText } from './stream.ts'

/** Whether server-sent events come first among what the reader takes (RFC 9110 §12.5.1); a `*` is no wish for them. */
export function wantsEvents(accept: string | undefined): boolean {
  return /^\s*text\/event-stream\s*(?:[;,]|$)/i.test(accept ?? '')
}

/** Streams the text of server-sent events as they come. */
export function streamEvents<Reply extends Parameters<typeof setHeaders>[0]>(
  reply: Reply,
  events: AsyncIterable<string>,
): Promise<Reply> {
  // Without this a proxy such as nginx keeps the events until it has a buffer full.
  setHeaders(reply, { 'X-Accel-Buffering': 'no' })
  return streamText(reply, events, 'text/event-stream; charset=utf-8')
}
