import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The yardstick: one document with an input at its end, as large as asked, without any script. */
export async function servePlainPage(bytes: number): Promise<{ address: string; stop(): void }> {
  const filling = randomBytes(bytes).toString('base64').slice(0, bytes)
  const page = `<!doctype html><link rel="icon" href="data:,"><title>Plain</title><p>Plain page</p><template>${filling}</template><input>`
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'no-store' }).end(page)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server's address is no string
  return {
    address: `http://localhost:${port}/`,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
