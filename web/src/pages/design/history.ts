const stepsMax = 50
/** Large definitions keep fewer steps, so that a tab stays within some tens of megabytes. */
const charactersMax = 24_000_000

/** The states of a definition, as JSON texts, that one can go back and forth between. */
export type History = { past: string[]; present: string; future: string[] }

export const historyOf = (present: string): History => ({ past: [], present, future: [] })

/** A new state; what had been undone is gone then. */
export function step(history: History, text: string): History {
  if (text === history.present) return history
  return { past: bounded([...history.past, history.present]), present: text, future: [] }
}

export function undo({ past, present, future }: History): History | undefined {
  const before = past.at(-1)
  return before === undefined ? undefined : { past: past.slice(0, -1), present: before, future: [present, ...future] }
}

export function redo({ past, present, future }: History): History | undefined {
  const [after, ...rest] = future
  return after === undefined ? undefined : { past: [...past, present], present: after, future: rest }
}

function bounded(texts: string[]): string[] {
  let characters = 0
  const kept: string[] = []
  for (const text of texts.slice(-stepsMax).reverse()) {
    characters += text.length
    if (characters > charactersMax && kept.length > 0) break
    kept.unshift(text)
  }
  return kept
}
