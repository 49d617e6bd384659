type Props = Record<string, string | boolean | ((event: Event) => void) | undefined>
type Child = Node | string | undefined

/**
 * An element with attributes and children. A function among the properties listens to the event of that name; `true` is
 * an attribute without a value. Text goes in as text: nothing here reads HTML.
 */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children.filter((child) => child !== undefined))
  return element
}

/** A button that does something here; `look` is one of Bootstrap's. */
export function button(text: string, look: string, click: () => void, props: Props = {}): HTMLButtonElement {
  return make('button', { type: 'button', class: `btn btn-${look}`, click, ...props }, text)
}

/** Shows or hides an element. */
export function show(element: HTMLElement, shown: boolean): void {
  element.hidden = !shown
}
