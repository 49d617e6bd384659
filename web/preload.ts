import type { Plugin, Rolldown } from 'vite'

/** What a document loads by `import()` in any case, and so need not wait for. */
const certain: Record<string, string[]> = { 'frame.html': ['/src/frame/formio.ts', '/src/frame/fill.ts'] }

/**
 * Names in each document all scripts that it will run, the largest first: a browser takes six files at a time from a
 * server that speaks HTTP/1.1, and form.io, which is most of the bytes, would begin last.
 */
export function preload(): Plugin {
  return {
    name: 'preload',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle, filename }) {
        if (!bundle) return html
        const more = Object.entries(certain).find(([document]) => filename.endsWith(`/${document}`))?.[1] ?? []
        const links = html.match(/ *<link rel="modulepreload"[^>]*>\n/g) ?? []
        const named = links.map((link) => /href="\/app\/([^"]*)"/.exec(link)?.[1] ?? '')
        const files = new Set([...named, ...more.flatMap((source) => filesOf(bundle, source))])
        const largestFirst = [...files].sort((left, right) => sizeOf(bundle, right) - sizeOf(bundle, left))
        const tags = largestFirst.map((file) => `    <link rel="modulepreload" crossorigin href="/app/${file}">\n`)
        const bare = links.reduce((rest, link) => rest.replace(link, ''), html)
        // Before the script itself, which is small and runs when all are there.
        return bare.replace(/ *<script type="module"/, (script) => tags.join('') + script)
      },
    },
  }
}

/** The chunk of a source file with all that it imports. */
function filesOf(bundle: Rolldown.OutputBundle, source: string): string[] {
  const first = Object.values(bundle).find((each) => each.type === 'chunk' && each.facadeModuleId?.endsWith(source))
  if (!first) throw new Error(`There is no chunk of ${source}: correct the list in preload.ts.`)
  const found = new Set<string>()
  const add = (file: string) => {
    const chunk = chunkOf(bundle, file)
    if (!chunk || found.has(file)) return
    found.add(file)
    for (const each of chunk.imports) add(each)
  }
  add(first.fileName)
  return [...found]
}

function chunkOf(bundle: Rolldown.OutputBundle, file: string): Rolldown.OutputChunk | undefined {
  const found = bundle[file]
  return found?.type === 'chunk' ? found : undefined
}

function sizeOf(bundle: Rolldown.OutputBundle, file: string): number {
  return chunkOf(bundle, file)?.code.length ?? 0
}
