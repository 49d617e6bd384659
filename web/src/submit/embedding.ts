/**
 * Tells the page that embeds the form how high it is, so that it can make room. It says nothing else, and so may be heard
 * by anybody.
 */
export function reportHeight(): () => void {
  let last = 0
  const report = () => {
    const px = Math.ceil(document.documentElement.getBoundingClientRect().height)
    if (px !== last) window.parent.postMessage({ type: 'formgate:height', px }, '*')
    last = px
  }
  const observer = new ResizeObserver(report)
  observer.observe(document.documentElement)
  return () => observer.disconnect()
}
