import './frame.scss'
import './dark.scss'
import { type FrameStart, type FromFrame, frameAddress, type ToFrame } from './protocol.ts'
import { loadTexts } from './texts.ts'

/** Says something to the page. Only what structured cloning takes can be said; what else an answer holds is dropped. */
export type Say = (message: FromFrame) => void
export type Part = { hear(message: ToFrame): void }

// A frame that a form's author put into this one would have our scripts without the shim that runs before them.
if (location.pathname !== frameAddress) throw new Error('The frame works at its own address alone.')

window.addEventListener('message', (event) => {
  const [port] = event.ports
  if (event.source !== window.parent || !port) return
  void start(event.data, port)
})
// Said before form.io is here (`frame.html` has it loaded meanwhile): the texts of the right language then come beside it.
window.parent.postMessage('ready', '*')

async function start(options: FrameStart, port: MessagePort): Promise<void> {
  const say: Say = (message) => {
    try {
      port.postMessage(message)
    } catch {
      port.postMessage(JSON.parse(JSON.stringify(message)))
    }
  }
  // What is said while the form is being drawn waits; ports hold messages until they are started.
  try {
    document.documentElement.lang = options.language
    document.documentElement.dataset.bsTheme = options.theme
    document.body.className = `mode-${options.mode}`
    const root = document.querySelector<HTMLElement>('#root')
    if (!root) throw new Error('The frame has no root.')
    const [{ configureFormio, withEnglish }, ours] = await Promise.all([
      import('./formio.ts'),
      loadTexts(options.language),
    ])
    const texts = withEnglish(ours)
    configureFormio(options.definition, texts)
    const part = await open(root, options, texts, say)
    port.onmessage = ({ data }: MessageEvent<ToFrame>) => {
      if (data.type === 'theme') document.documentElement.dataset.bsTheme = data.theme
      else part.hear(data)
    }
    printInLight()
    watchHeight(say)
  } catch (error) {
    say({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
  }
}

async function open(root: HTMLElement, options: FrameStart, texts: Record<string, string>, say: Say): Promise<Part> {
  if (options.mode === 'build') {
    const { openBuilder } = await import('./build.ts')
    return openBuilder(root, options, texts, say)
  }
  const { openForm } = await import('./fill.ts')
  return openForm(root, options, texts, say)
}

/** Browsers leave backgrounds out on paper, where the light letters of dark mode cannot be read. */
function printInLight(): void {
  const { dataset } = document.documentElement
  let shown = dataset.bsTheme
  window.addEventListener('beforeprint', () => {
    shown = dataset.bsTheme
    dataset.bsTheme = 'light'
  })
  window.addEventListener('afterprint', () => {
    dataset.bsTheme = shown
  })
}

/** Tells the page how high the content is: the page makes room, so that nothing scrolls inside the frame. */
function watchHeight(say: Say): void {
  let last = 0
  let waiting = false
  const measure = () => {
    waiting = false
    const px = Math.ceil(document.body.scrollHeight)
    if (px !== last) say({ type: 'height', px })
    last = px
  }
  const soon = () => {
    if (!waiting) requestAnimationFrame(measure)
    waiting = true
  }
  new ResizeObserver(soon).observe(document.body)
  // A list that opens hangs below the body without making it higher.
  new MutationObserver(soon).observe(document.body, { attributes: true, childList: true, subtree: true })
  soon()
}
