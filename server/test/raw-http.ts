import { connect } from 'node:net'

/** An answer as it came over the wire. */
export type RawAnswer = {
  status: number
  /** Header lines, letter by letter. */
  lines: string[]
  header(name: string): string | undefined
  body: string
}

/**
 * Sends bytes over a connection of their own, without ending it, and gives the first whole answer: what a client sees that
 * is still in the middle of its request.
 */
export function talk(address: string, ...parts: (string | Buffer)[]): Promise<RawAnswer> {
  const { port, hostname } = new URL(address)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    let received = ''
    let wanted = 0
    const deadline = setTimeout(() => finish(new Error(`No answer, only: ${received.slice(0, 500)}`)), 10_000)
    function finish(result: RawAnswer | Error): void {
      clearTimeout(deadline)
      socket.destroy()
      if (result instanceof Error) reject(result)
      else resolve(result)
    }
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => {
      received += text
      if (received.length < wanted) return
      const answer = read(received)
      if (answer && (answer.status < 200 || received.length >= lengthOf(received, answer))) finish(answer)
      else if (answer) wanted = lengthOf(received, answer)
    })
    // What is still being written when the answer comes may end in a reset; the answer counts.
    socket.on('error', () => undefined)
    socket.on('close', () => finish(read(received) ?? new Error('The connection was closed without an answer.')))
    for (const part of parts) socket.write(part)
  })
}

function read(text: string): RawAnswer | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const header = (name: string) => {
    const line = lines.find((each) => each.toLowerCase().startsWith(`${name.toLowerCase()}:`))
    return line?.slice(name.length + 1).trim()
  }
  return { status: Number(first.split(' ')[1]), lines, header, body: text.slice(end + 4) }
}

/** Of the whole answer; without end when only the connection's end ends it. */
function lengthOf(text: string, answer: RawAnswer): number {
  const body = Number(answer.header('content-length') ?? Number.POSITIVE_INFINITY)
  return text.length - answer.body.length + body
}
