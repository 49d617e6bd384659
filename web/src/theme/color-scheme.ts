export type ColorScheme = 'system' | 'light' | 'dark'
const storageKey = 'formgate.color-scheme'
const chosenEvent = 'formgate:color-scheme'
const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)')

export function chosenScheme(): ColorScheme {
  try {
    const stored = localStorage.getItem(storageKey)
    return stored === 'light' || stored === 'dark' ? stored : 'system'
  } catch {
    return 'system'
  }
}

export function chooseScheme(scheme: ColorScheme): void {
  try {
    localStorage.setItem(storageKey, scheme)
  } catch {
    // Storage can be switched off; the choice then lasts as long as the page.
  }
  applyScheme(scheme)
  window.dispatchEvent(new Event(chosenEvent))
}

/** Calls back when a scheme is chosen, on this page or in another tab. */
export function onSchemeChosen(changed: () => void): () => void {
  for (const type of [chosenEvent, 'storage']) window.addEventListener(type, changed)
  return () => {
    for (const type of [chosenEvent, 'storage']) window.removeEventListener(type, changed)
  }
}

/** The theme that is shown now. */
export function shownTheme(scheme: ColorScheme = chosenScheme()): 'light' | 'dark' {
  if (scheme !== 'system') return scheme
  return systemIsDark.matches ? 'dark' : 'light'
}

function applyScheme(scheme: ColorScheme): void {
  document.documentElement.dataset.bsTheme = shownTheme(scheme)
}

/** Shows the chosen theme and follows the system while nothing is chosen; calls `changed` with each new theme. */
export function followScheme(changed: (theme: 'light' | 'dark') => void = () => undefined): () => void {
  const apply = () => {
    applyScheme(chosenScheme())
    changed(shownTheme())
  }
  apply()
  systemIsDark.addEventListener('change', apply)
  // A choice in the page itself, or in another tab.
  const observer = new MutationObserver(() =>
    changed(document.documentElement.dataset.bsTheme === 'dark' ? 'dark' : 'light'),
  )
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-bs-theme'] })
  window.addEventListener('storage', apply)
  return () => {
    systemIsDark.removeEventListener('change', apply)
    window.removeEventListener('storage', apply)
    observer.disconnect()
  }
}
