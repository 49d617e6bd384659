import { existsSync } from 'node:fs'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The Chromium of this machine: the one that CHROMIUM names, else where systems put it. */
export const installedChromium = [process.env.CHROMIUM, ...places].find((path) => path && existsSync(path))

export const howToGetChromium = 'apt-get install chromium, or name one in CHROMIUM=/path/to/it.'
