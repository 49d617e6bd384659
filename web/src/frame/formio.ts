import { Formio } from '@formio/js/form'
import { I18n } from '@formio/js/lib/cjs/utils/i18n'
import { standardType } from '../../../server/src/validation/component-types.ts'
import { closeListsByKeyboard } from './choices.ts'
import { translateMonths } from './day-field.ts'
import { answerFetches, libraryLoader } from './libraries.ts'
import type { Definition } from './protocol.ts'
import { showTypedText } from './typed-text.ts'

type Component = { new (): object; builderInfo: object }

/**
 * Sets form.io up for our frame: no library from elsewhere, and the component types of CHEFS as their standard kin.
 * @param texts form.io's words in the reader's language
 */
export function configureFormio(definition: Definition, texts: Record<string, string>): void {
  Formio.requireLibrary = libraryLoader(texts)
  answerFetches()
  // form.io deletes files of the storages that it knows; where ours are is the page's business.
  Formio.Components.components.file.prototype.deleteFile = function (file: unknown) {
    return this.fileService?.deleteFile(file)
  }
  closeListsByKeyboard()
  Formio.icons = 'bi'
  showTypedText()
  translateMonths()
  adoptTypes(definition.components)
}

/** English stands in for words that the texts of a language lack. */
export function withEnglish(texts: Record<string, string>): Record<string, string> {
  // form.io's types do not say what its table of languages holds.
  const { en } = I18n.languages as Record<string, Record<string, string>>
  return { ...en, ...texts }
}

/**
 * Registers each `simple…` type that occurs as a copy of its standard kin. The definition keeps its types, so what is
 * opened in the builder and saved again stays what it was.
 */
export function adoptTypes(value: unknown): void {
  if (Array.isArray(value)) for (const each of value) adoptTypes(each)
  else if (typeof value === 'object' && value !== null) {
    const { type } = value as { type?: unknown }
    if (typeof type === 'string') adoptType(type)
    for (const each of Object.values(value)) if (typeof each === 'object') adoptTypes(each)
  }
}

function adoptType(type: string): void {
  const components: Record<string, Component> = Formio.Components.components
  const standard = standardType(type)
  const kin = components[standard]
  if (Object.hasOwn(components, type) || standard === type || !kin) return
  Formio.Components.addComponent(
    type,
    class extends kin {
      // form.io's style sheet goes by the type's name, so the standard one is a class too.
      get className(): string {
        return `${Reflect.get(kin.prototype, 'className', this)} formio-component-${standard}`
      }
      // The builder offers the standard kin alone: in no group, this one is not shown a second time.
      static override get builderInfo() {
        return { ...kin?.builderInfo, group: '' }
      }
    },
  )
}
