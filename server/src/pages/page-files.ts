import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { languagesFor, type PageName, type RenderedPage, renderPage } from './page.ts'

export type Page = RenderedPage & {
  /** Undefined for the operator's page for all languages. */
  lang: string | undefined
  /** Undefined for ours. */
  updatedAt: Date | undefined
}

export type PageFiles = { find(name: PageName, lang: string): Promise<Page> }

const defaultsFolder = fileURLToPath(new URL('defaults/', import.meta.url))
const defaultLanguages = ['en', 'fr']

type Kept = { changedAt: number; size: number; page: RenderedPage }

/**
 * The pages in the operator's folder: `<name>.<language>.md`, else `<name>.md`, else ours. A change shows at once.
 * @param folder need not exist
 */
export function pageFilesIn(folder: string): PageFiles {
  const kept = new Map<string, Kept>()

  async function read(path: string): Promise<(RenderedPage & { updatedAt: Date }) | undefined> {
    const facts = await unlessAbsent(stat(path))
    if (!facts?.isFile()) return undefined
    const known = kept.get(path)
    if (known?.changedAt === facts.mtimeMs && known.size === facts.size)
      return { ...known.page, updatedAt: facts.mtime }
    const text = await unlessAbsent(readFile(path, 'utf8'))
    if (text === undefined) return undefined
    // Editors on Windows begin a file with a byte order mark.
    const page = renderPage(text.replace(/^\uFEFF/, ''))
    kept.set(path, { changedAt: facts.mtimeMs, size: facts.size, page })
    return { ...page, updatedAt: facts.mtime }
  }

  return {
    async find(name, lang) {
      for (const each of [...languagesFor(lang), undefined]) {
        const page = await read(join(folder, each === undefined ? `${name}.md` : `${name}.${each}.md`))
        if (page) return { ...page, lang: each }
      }
      const known = languagesFor(lang).find((each) => defaultLanguages.includes(each)) ?? 'en'
      const page = await read(join(defaultsFolder, `${name}.${known}.md`))
      if (!page) throw new Error(`The page ${name} is missing from this installation.`)
      return { ...page, lang: known, updatedAt: undefined }
    },
  }
}

async function unlessAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}
