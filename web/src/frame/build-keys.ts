import type { Say } from './main.ts'

// biome-ignore lint/suspicious/noExplicitAny: form.io's types do not describe its builder.
type Builder = any
/** An element on which form.io left what it drew there. */
type Drawn = HTMLElement & { formioComponent?: Builder; formioContainer?: Draggable[] }
type Draggable = { key?: string }

/**
 * What form.io's builder lacks for people without a mouse: adding a field by pressing its button, moving it up and down,
 * a dialog that keeps the focus and closes with Escape. Listens on the document, because the builder draws anew often.
 */
export function listenToKeys(root: HTMLElement, builderNow: () => Builder, told: () => void, say: Say): void {
  let target: Drawn | undefined

  document.addEventListener('click', (event) => {
    const pressed =
      event.target instanceof Element
        ? event.target.closest<HTMLElement>('[data-act], [ref="sidebar-anchor"], [role="tab"]')
        : null
    if (!pressed) return
    const builder = builderNow()
    switch (pressed.dataset.act) {
      case 'add':
        target = add(builder, pressed, target?.isConnected ? target : undefined)
        break
      case 'up':
      case 'down':
        move(builder, pressed, pressed.dataset.act, told)
        break
      case 'target':
        target = aim(root, pressed)
        break
      default:
        // form.io opens groups and tabs by classes alone; those who cannot see them are told here.
        requestAnimationFrame(() => tellStates())
    }
  })

  document.addEventListener('keydown', (event) => {
    const dialog = [...document.querySelectorAll<HTMLElement>('.formio-dialog')].at(-1)
    if (event.key === 'Escape' && dialog && !event.defaultPrevented && !isOpenList(event.target)) {
      dialog.querySelector<HTMLElement>('[ref="dialogClose"]')?.click()
      return
    }
    const isZ = event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey)
    const isY = event.key.toLowerCase() === 'y' && event.ctrlKey
    if ((!isZ && !isY) || dialog || isTyping(event.target)) return
    event.preventDefault()
    say({ type: isY || event.shiftKey ? 'redo' : 'undo' })
  })

  watchDialogs(root)
}

/** Adds a field where somebody aimed, else below what was last touched, else at the end. */
function add(builder: Builder, pressed: HTMLElement, aimed: Drawn | undefined): undefined {
  const container = aimed ?? defaultContainer(builder)
  const { key, group } = pressed.dataset
  if (!container?.formioContainer || !key || !group) return
  const info = builder.getComponentInfo(key, group)
  if (!info) return
  const list = container.formioContainer
  uniquify(builder, container, info)
  const last = list.at(-1) as { type?: string; action?: string } | undefined
  const beforeSubmit = last?.type === 'button' && (last.action ?? 'submit') === 'submit' && info.type !== 'button'
  list.splice(beforeSubmit ? list.length - 1 : list.length, 0, info)
  const parent = container.formioComponent
  if (!info.noNewEdit && builder.hasEditTabs(info.type)) {
    // Naming the new one itself, not looking for it among what was drawn, it is drawn once, when its dialog is saved. A
    // wizard, which shows one page at a time, wants it drawn before.
    const isWizard = builder.pages !== undefined
    const original = isWizard ? null : info
    builder.editComponent(info, container, true, null, original, { inDataGrid: parent.type === 'datagrid' })
    if (!isWizard) return
  }
  void Promise.resolve(parent.rebuild()).then(() => {
    builder.emit('addComponent', info, parent, 'components', list.indexOf(info), true)
  })
}

/** The whole form; in a wizard, the page that is shown. */
function defaultContainer(builder: Builder): Drawn | undefined {
  const where = builder.pages === undefined ? '.formio-builder-form' : '.builder-components .builder-components'
  return document.querySelector<Drawn>(`.formarea ${where}`) ?? undefined
}

/** Keys are unique where the component comes to lie, as when it is dragged there. */
function uniquify(builder: Builder, container: Drawn, info: { key: string }): void {
  const taken = new Set<string>()
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) collect(each)
    else if (typeof value === 'object' && value !== null) {
      const { key, type } = value as { key?: unknown; type?: unknown }
      if (typeof key === 'string' && typeof type === 'string') taken.add(key)
      for (const nested of ['components', 'columns', 'rows'] as const)
        collect((value as Record<string, unknown>)[nested])
    }
  }
  collect(builder.findNamespaceRoot(container.formioComponent))
  const base = info.key.replace(/\d+$/, '')
  for (let number = 1; taken.has(info.key); number += 1) info.key = `${base}${number}`
}

function move(builder: Builder, pressed: HTMLElement, direction: 'up' | 'down', told: () => void): void {
  const wrapper = pressed.closest<Drawn>('.builder-component')
  const container: Drawn | undefined = wrapper && builder.getParentElement(wrapper)
  const component = wrapper?.formioComponent?.component
  // The pages of a wizard are moved among each other, though one alone is drawn.
  const page = builder.pages?.findIndex(({ key }: { key?: string }) => key === component?.key) ?? -1
  const isPage = page >= 0 && container?.formioContainer?.length === 1
  const list: Draggable[] | undefined = isPage ? builder.form.components : container?.formioContainer
  if (!list || !component || !container) return
  const from = list.findIndex(({ key }) => key === component.key)
  const to = direction === 'up' ? from - 1 : from + 1
  const other = list[to]
  if (from < 0 || !other) return
  list[to] = isPage ? (list[from] ?? component) : component
  list[from] = other
  if (isPage) builder.page = direction === 'up' ? page - 1 : page + 1
  void Promise.resolve(isPage ? builder.rebuild() : container.formioComponent.rebuild()).then(() => {
    told()
    focusButton(component.key, direction)
  })
}

/** The builder drew anew: the focus goes back to the button that was pressed. */
export function focusButton(key: string, which: 'edit' | 'up' | 'down'): void {
  const component = document.querySelector(`[data-component-key="${CSS.escape(key)}"]`)
  component?.querySelector<HTMLElement>(`.component-settings-button-${which}`)?.focus()
}

function aim(root: HTMLElement, pressed: HTMLElement): Drawn | undefined {
  for (const each of root.querySelectorAll('.is-target')) each.classList.remove('is-target')
  pressed.classList.add('is-target')
  root.querySelector<HTMLElement>('[ref="sidebar-search"]')?.focus()
  return pressed.closest<Drawn>('.builder-components') ?? undefined
}

function tellStates(): void {
  for (const anchor of document.querySelectorAll('[ref="sidebar-anchor"]')) {
    const group = document.getElementById(anchor.getAttribute('aria-controls') ?? '')
    anchor.setAttribute('aria-expanded', String(group?.classList.contains('show') ?? false))
  }
  for (const tab of document.querySelectorAll('[role="tab"]')) {
    tab.setAttribute('aria-selected', String(tab.classList.contains('active')))
  }
}

/** While a dialog is open, nothing behind it can be reached; it has the focus from the start. */
function watchDialogs(root: HTMLElement): void {
  let open = 0
  new MutationObserver(() => {
    const dialogs = [...document.querySelectorAll<HTMLElement>('body > div > .formio-dialog')]
    root.inert = dialogs.length > 0
    if (dialogs.length > open) dialogs.at(-1)?.querySelector<HTMLElement>('[role="dialog"]')?.focus()
    open = dialogs.length
  }).observe(document.body, { childList: true })
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')
}

/** A list that is open takes Escape for itself. */
function isOpenList(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('.choices.is-open, .ace_editor, .flatpickr-calendar.open') !== null
}
