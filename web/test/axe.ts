import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Frame, Page } from 'playwright-core'
import { expect } from 'vitest'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** WCAG 2.2, levels A and AA. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** All of WCAG, or what colours decide alone, which is much less to look for. */
type Asked = 'everything' | 'colours'
const runOnly = {
  everything: { type: 'tag', values: tags },
  colours: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
}

/** What axe finds on a page and in its form.io frame: the rule with the element that breaks it. */
export async function violations(page: Page, asked: Asked = 'everything'): Promise<string[]> {
  const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const found: string[] = []
  for (const frame of page.frames()) found.push(...(await violationsIn(frame, background, asked)))
  return found
}

/** The frame has no origin, so axe cannot reach it from the page: it runs in each by itself. */
async function violationsIn(frame: Frame, background: string, asked: Asked): Promise<string[]> {
  await frame.evaluate(axe)
  return frame.evaluate(
    async ({ background, runOnly }) => {
      type Result = { id: string; nodes: { target: unknown[] }[] }
      type Axe = { run(where: Document, how: object): Promise<{ violations: Result[] }> }
      const { axe } = window as unknown as { axe: Axe } // what was evaluated above puts itself there
      // The page shows through the frame, and axe would take what it cannot see for white.
      const isFrame = window.parent !== window
      if (isFrame) document.documentElement.style.backgroundColor = background
      const { violations } = await axe.run(document, { iframes: false, runOnly })
      if (isFrame) document.documentElement.style.backgroundColor = ''
      return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))
    },
    { background, runOnly: runOnly[asked] },
  )
}

type Look = { width: number; scheme: 'light' | 'dark'; asked: Asked }

/**
 * The ways in which a page is looked at: a desktop and a phone, by day and by night. What colours do not decide is the
 * same by day and by night.
 */
export const allLooks: Look[] = [
  { width: 1440, scheme: 'light', asked: 'everything' },
  { width: 1440, scheme: 'dark', asked: 'colours' },
  { width: 390, scheme: 'light', asked: 'colours' },
  { width: 390, scheme: 'dark', asked: 'everything' },
]

/** Enough for a dialog, whose parts are the same everywhere. */
export const twoLooks: Look[] = [
  { width: 1440, scheme: 'dark', asked: 'colours' },
  { width: 390, scheme: 'light', asked: 'everything' },
]

/** Looks at what is shown now in these ways, and says all that is wrong; it is narrowed to 320 pixels too. */
export async function wrongWith(page: Page, looks = allLooks): Promise<string[]> {
  const wrong: string[] = []
  for (const { width, scheme, asked } of looks) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme: scheme })
    await expect.poll(() => themesOf(page)).toEqual(page.frames().map(() => scheme))
    // Colours change over the shortest of times, where the system asks for less motion.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    wrong.push(...(await lastingViolations(page, asked)).map((each) => `${width} px, ${scheme}: ${each}`))
  }
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 900 })
    if (await scrollsSideways(page)) wrong.push(`${width} px: scrolls sideways`)
  }
  return wrong
}

/** What is found in the midst of a drawing is looked at once more when that is over. */
async function lastingViolations(page: Page, asked: Asked): Promise<string[]> {
  let found: string[] = []
  const look = async () => {
    found = await violations(page, asked)
    return found.length
  }
  await expect
    .poll(look, { timeout: 3000 })
    .toBe(0)
    .catch(() => undefined)
  return found
}

function themesOf(page: Page): Promise<(string | undefined)[]> {
  return Promise.all(page.frames().map((frame) => frame.evaluate(() => document.documentElement.dataset.bsTheme)))
}

function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
}
