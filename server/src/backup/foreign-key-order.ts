/** A table whose rows name rows of another. */
export type Reference = { from: string; to: string }

/** The tables, each after those its rows refer to, so that every foreign key finds its row when they are filled in turn. */
export function inForeignKeyOrder(tables: string[], references: Reference[]): string[] {
  const ordered: string[] = []
  let left = [...tables].sort()
  while (left.length > 0) {
    const waits = (table: string) =>
      references.some(({ from, to }) => from === table && to !== table && left.includes(to))
    const free = left.filter((table) => !waits(table))
    if (free.length === 0) throw new Error(`These tables refer to each other in a circle: ${left.join(', ')}`)
    ordered.push(...free)
    left = left.filter((table) => !free.includes(table))
  }
  return ordered
}
