import { describe, expect, it } from 'vitest'
import { readingLayout } from './reading-layout.ts'

const field = { type: 'textfield', key: 'a', input: true }

describe('readingLayout', () => {
  it('shows the pages of a wizard one below the other', () => {
    const page = { type: 'panel', key: 'p', title: 'P', components: [field] }
    const read = readingLayout({ display: 'wizard', components: [page, page] })
    expect(read).toMatchObject({ display: 'form', components: [page, page] })
  })

  it('opens what is folded, however deep it lies', () => {
    const folded = { type: 'simplepanel', key: 'p', collapsed: true, components: [field] }
    const columns = { type: 'columns', key: 'c', columns: [{ components: [folded] }] }
    const read = readingLayout({ components: [columns] })
    expect(read.components).toMatchObject([{ columns: [{ components: [{ ...folded, collapsed: false }] }] }])
  })

  it('shows all tabs as panels of their names', () => {
    const tabs = { type: 'tabs', key: 't', label: 'T', components: [{ key: 'one', label: 'One', components: [field] }] }
    const read = readingLayout({ components: [tabs] })
    expect(read.components).toMatchObject([
      { type: 'fieldset', key: 't', components: [{ type: 'panel', key: 'one', title: 'One', components: [field] }] },
    ])
  })

  it('leaves the definition itself as it was', () => {
    const definition = { display: 'wizard', components: [{ type: 'panel', collapsed: true, components: [] }] }
    readingLayout(definition)
    expect(definition.components[0]?.collapsed).toBe(true)
  })
})
