import './submit.scss'
import { applyLanguage, preferredLanguage, storeLanguage } from '../i18n/languages.ts'
import { followScheme } from '../theme/color-scheme.ts'
import { openPage } from './open-page.ts'
import { placeOf } from './place.ts'

const root = document.querySelector<HTMLElement>('#root')
if (!root) throw new Error('The page has no root.')
const place = placeOf(location.search)
followScheme()
await open(root, preferredLanguage())

async function open(root: HTMLElement, language: string, answers?: Record<string, unknown>): Promise<void> {
  applyLanguage(language)
  await openPage(root, place, language, answers, (chosen, current) => {
    storeLanguage(chosen)
    void open(root, chosen, current)
  })
}
