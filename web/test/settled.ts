import type { Page } from 'playwright-core'

/** Waits until a page has its heading, has asked for all that it wants, and its form stands. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  await page.waitForLoadState('networkidle')
  for (const frame of page.frames().slice(1))
    await frame.locator('.formio-form, .formbuilder, .formio-builder').first().waitFor()
}
