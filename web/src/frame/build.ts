import 'bootstrap-icons/font/bootstrap-icons.css'
import '@formio/js/dist/formio.builder.css'
import './build.scss'
import { Builders, FormBuilder } from '@formio/js'
import { Formio } from '@formio/js/form'
import { I18n } from '@formio/js/lib/cjs/utils/i18n'
import { editFormOverrides, sidebarGroups } from './build-components.ts'
import { focusButton, listenToKeys } from './build-keys.ts'
import { builderTemplates } from './build-templates.ts'
import { adoptTypes } from './formio.ts'
import type { Part, Say } from './main.ts'
import type { Definition, FrameStart } from './protocol.ts'
import { keepRepaired } from './repairs.ts'
import { loadBuilderTexts } from './texts.ts'

/** Several events come with one step of a person. */
const changeDelayMs = 50
const events = ['saveComponent', 'removeComponent', 'addComponent', 'moveComponent', 'pasteComponent', 'change']

// biome-ignore lint/suspicious/noExplicitAny: form.io's types do not describe its builder.
type Builder = any

/** form.io's builder. Each change of the definition is told to the page, which saves it. */
export async function openBuilder(
  root: HTMLElement,
  { definition, language }: FrameStart,
  texts: Record<string, string>,
  say: Say,
): Promise<Part> {
  let builder: Builder
  let timer: ReturnType<typeof setTimeout> | undefined
  let toldText = ''
  const words = { ...(await loadBuilderTexts(language)) }
  nameCurrencies(words, language)
  // The page can undo what is removed, so form.io need not ask; and a sandboxed frame may open no dialog of the browser.
  window.confirm = () => true

  const tell = () => {
    const { instance } = builder
    // A field that is new exists once its dialog was saved; then there is another event.
    if (instance.dialog) return
    const text = JSON.stringify(instance.form)
    if (text === toldText) return
    toldText = text
    say({ type: 'definition', definition: JSON.parse(text) })
  }
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(tell, changeDelayMs)
  }

  async function draw(shown: Definition): Promise<void> {
    clearTimeout(timer)
    const { scrollY } = window
    const page: number = builder?.instance?.page ?? 0
    builder?.instance?.dialog?.close()
    builder?.destroy?.()
    root.replaceChildren()
    const host = root.appendChild(document.createElement('div'))
    // form.io's type of its options lacks half of them.
    const options: object = {
      language,
      i18n: { [language]: texts },
      noDefaultSubmitButton: true,
      sideBarScroll: false,
      builder: sidebarGroups(window.innerWidth >= 768),
      // The dialogs have words of their own: in the form itself, only its author's are shown.
      editForm: {
        ...editFormOverrides(),
        i18next: I18n.init({ language, [language]: { ...texts, ...words } }),
      },
      templates: builderTemplates(words),
    }
    builder = new FormBuilder(host, shown, options)
    await builder.ready
    const { instance } = builder
    if (page > 0 && page < (instance.pages?.length ?? 0)) await instance.setPage(page)
    toldText = JSON.stringify(instance.form)
    for (const event of events) instance.on(event, soon)
    instance.on('saveComponent', ({ key }: { key: string }) => setTimeout(() => focusButton(key, 'edit')))
    window.scrollTo(0, scrollY)
  }

  hasten()
  labelNewFields(words)
  await draw(definition)
  // Its dialogs lie beside the root.
  keepRepaired(document.body, texts)
  listenToKeys(root, () => builder.instance, soon, say)
  say({ type: 'rendered', hasSubmit: false })
  return {
    hear(message) {
      if (message.type !== 'definition') return
      adoptTypes(message.definition.components)
      void draw(message.definition)
    },
  }
}

/**
 * For large forms. form.io makes the whole edit form of each component to know whether it has one, and gives each of its
 * buttons a drawn tooltip beside the title that our templates give it: seconds, at each step.
 */
function hasten(): void {
  const prototype: Builder = Builders.builders.webform.prototype
  const original: (type: string) => boolean = prototype.hasEditTabs
  const known = new Map<string, boolean>()
  prototype.hasEditTabs = function hasEditTabs(this: unknown, type: string) {
    const answer = known.get(type) ?? original.call(this, type)
    known.set(type, answer)
    return answer
  }
  prototype.attachTooltip = () => ({ hide: () => undefined })
}

/** A new field is called “Case à cocher” in a French builder. */
function labelNewFields(words: Record<string, string>): void {
  const prototype: Builder = Builders.builders.webform.prototype
  const original = prototype.getComponentInfo
  prototype.getComponentInfo = function getComponentInfo(this: unknown, ...which: unknown[]) {
    const info = original.apply(this, which)
    for (const member of ['label', 'title']) if (info && words[info[member]]) info[member] = words[info[member]]
    return info
  }
}

/** The names of the world's currencies, which the browser knows in every language. */
function nameCurrencies(words: Record<string, string>, language: string): void {
  if (language.startsWith('en')) return
  const names = new Intl.DisplayNames(language, { type: 'currency' })
  const list: string = JSON.stringify(Formio.Components.components.currency?.editForm() ?? {})
  for (const [, label, code] of list.matchAll(/"label":"([^"]+ \(([A-Z]{3})\),?)"/g)) {
    if (label && code) words[label] ??= `${names.of(code)} (${code})`
  }
}
