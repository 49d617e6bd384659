import type { ReactNode } from 'react'

/** The little Markdown that descriptions have: paragraphs, lists, **bold** and `code`. Anything else stays as it is. */
export function Prose({ text }: { text: string }) {
  if (text === '') return null
  return (
    <div className="text-width" lang="en">
      {text.split(/\n{2,}/).map((block) => {
        const items = block.split('\n').filter((line) => line.startsWith('- '))
        if (items.length === 0) return <p key={block}>{inline(block)}</p>
        return (
          <ul key={block}>
            {items.map((item) => (
              <li key={item}>{inline(item.slice(2))}</li>
            ))}
          </ul>
        )
      })}
    </div>
  )
}

function inline(text: string): ReactNode[] {
  return text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part, index) => {
    // biome-ignore-start lint/suspicious/noArrayIndexKey: the parts of a text never move.
    if (part.startsWith('**')) return <strong key={index}>{part.slice(2, -2)}</strong>
    if (part.startsWith('`')) return <code key={index}>{part.slice(1, -1)}</code>
    // biome-ignore-end lint/suspicious/noArrayIndexKey: as above.
    return part
  })
}
