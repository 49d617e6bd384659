import {
  type FrameMode,
  type FrameStart,
  type FromFrame,
  frameAddress,
  parseFromFrame,
  type ToFrame,
} from './protocol.ts'

export type FrameHandle = { element: HTMLIFrameElement; send(message: ToFrame): void; close(): void }

type FrameOptions = {
  /** The frame's name for screen readers. */
  title: string
  /** Of `start`, where that is yet to come. */
  mode?: FrameMode
  /** A promise lets the frame load beside what has to be fetched for it. */
  start: FrameStart | Promise<FrameStart>
  onMessage(message: FromFrame): void
}

/**
 * Puts the form.io frame into `container` and starts it. The frame has no origin of its own (`sandbox` without
 * `allow-same-origin`), so it can reach neither our cookies nor our API; what it wants done, it asks for in messages.
 */
export function openFrame(container: HTMLElement, { title, start, mode, onMessage }: FrameOptions): FrameHandle {
  const element = document.createElement('iframe')
  element.title = title
  const shownMode = mode ?? ('mode' in start ? start.mode : 'fill')
  element.className = `form-frame form-frame-${shownMode}`
  element.setAttribute('sandbox', 'allow-scripts')
  element.setAttribute('referrerpolicy', 'no-referrer')
  element.src = frameAddress
  let port: MessagePort | undefined

  const greet = async (event: MessageEvent) => {
    if (event.source !== element.contentWindow || event.data !== 'ready') return
    // A frame that reloaded itself says so again, and starts afresh; the old port is dead then.
    port?.close()
    const channel = new MessageChannel()
    port = channel.port1
    port.onmessage = ({ data }) => {
      const message = parseFromFrame(data)
      if (message?.type === 'height' && shownMode !== 'build') element.style.height = `${message.px}px`
      if (message) onMessage(message)
    }
    // An opaque origin has no name, hence '*'; frame-src keeps every other document out of this frame.
    element.contentWindow?.postMessage(await start, '*', [channel.port2])
  }
  window.addEventListener('message', greet)
  container.append(element)

  return {
    element,
    send: (message) => port?.postMessage(message),
    close() {
      window.removeEventListener('message', greet)
      port?.close()
      element.remove()
    },
  }
}
