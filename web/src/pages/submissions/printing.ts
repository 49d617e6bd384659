/** Gives the form the width of a sheet. */
const printWidth = 'printing-form'
/** Room for the margins around the heading. */
const betweenPx = 32
const settledMs = 150
const longestMs = 2000

/**
 * Prints the page with the form at the width of a sheet. The form's frame tells its height only after it has been drawn at
 * that width, so this waits until it stands still.
 */
export async function printForm(frame: HTMLElement): Promise<void> {
  document.documentElement.classList.add(printWidth)
  try {
    await untilStill(frame)
    window.print()
  } finally {
    document.documentElement.classList.remove(printWidth)
  }
}

function untilStill(element: HTMLElement): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      observer.disconnect()
      clearTimeout(last)
      clearTimeout(timer)
      resolve()
    }
    const restart = () => {
      clearTimeout(timer)
      timer = setTimeout(done, settledMs)
    }
    const observer = new ResizeObserver(restart)
    const last = setTimeout(done, longestMs)
    let timer = setTimeout(done, settledMs)
    observer.observe(element)
  })
}

/**
 * Prepares the page when it is printed, also by the browser's own menu. The form keeps its width: there is no time to
 * measure anew. And a frame is never broken at its start but moved to the next sheet, leaving the first one empty; so all
 * of it becomes one box of a fixed height, which begins at the top of the first sheet and is cut where the sheets end.
 */
export function keepTogetherInPrint(frame: HTMLElement): () => void {
  const page = frame.closest<HTMLElement>('.page')
  const head = page?.querySelector<HTMLElement>('.page-head')
  const { dataset } = document.documentElement
  let theme = dataset.bsTheme
  const keep = () => {
    // Browsers leave backgrounds out on paper, where the light letters of dark mode cannot be read.
    theme = dataset.bsTheme
    dataset.bsTheme = 'light'
    frame.style.setProperty('min-width', `${frame.clientWidth}px`)
    const height = frame.clientHeight + (head?.offsetHeight ?? 0) + betweenPx
    page?.style.setProperty('--print-height', `${height}px`)
  }
  const letGo = () => {
    dataset.bsTheme = theme
    frame.style.removeProperty('min-width')
    page?.style.removeProperty('--print-height')
  }
  window.addEventListener('beforeprint', keep)
  window.addEventListener('afterprint', letGo)
  return () => {
    window.removeEventListener('beforeprint', keep)
    window.removeEventListener('afterprint', letGo)
  }
}
