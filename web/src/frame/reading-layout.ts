import { standardType } from '../../../server/src/validation/component-types.ts'
import type { Definition } from './protocol.ts'

/**
 * A definition as it is read and printed: all of it. A wizard would show one of its pages, a row of tabs one of its tabs,
 * and a panel that is folded none of its fields, on paper too.
 */
export function readingLayout(definition: Definition): Definition {
  return { ...definition, display: 'form', components: definition.components.map(unfolded) }
}

function unfolded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unfolded)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, member]) => [name, unfolded(member)])
  const component: Record<string, unknown> = Object.fromEntries(members)
  switch (standardType(typeof component.type === 'string' ? component.type : '')) {
    case 'panel':
      return { ...component, collapsed: false }
    case 'tabs':
      return { ...component, type: 'fieldset', legend: component.label, components: panelsOf(component.components) }
    default:
      return component
  }
}

/** Tabs hold no answers of their own, so their fields stay where they are in the answers. */
function panelsOf(tabs: unknown): unknown[] {
  if (!Array.isArray(tabs)) return []
  return tabs.map((tab) => ({ ...tab, type: 'panel', title: tab?.label, input: false, collapsed: false }))
}
