import { existsSync } from 'node:fs'

const places = [
  // Draws the same with half the work, for it has no windows.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The Chromium of this machine: the one that CHROMIUM names, else where systems put it. */
export const installedChromium = [process.env.CHROMIUM, ...places].find((path) => path && existsSync(path))

export const howToGetChromium =
  'apt-get install chromium-headless-shell (or chromium), or name one in CHROMIUM=/path/to/it.'
