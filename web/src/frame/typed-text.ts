import { Formio } from '@formio/js/form'

// biome-ignore lint/suspicious/noExplicitAny: form.io's types do not describe what its components do inside.
type Component = any
type Named = { name?: string; originalName?: string }

/**
 * Shows what somebody typed as they typed it. form.io reads plain answers and names of files as HTML where they are not
 * in a field: “a<b and c>d” lost its middle, and a file's name could bring styles that hide what others answered.
 */
export function showTypedText(): void {
  const { textarea, file } = Formio.Components.components
  const area: Component = textarea.prototype
  const setReadOnlyValue = area.setReadOnlyValue
  area.setReadOnlyValue = function (this: Component, value: unknown, index = 0) {
    const element: HTMLElement | undefined = this.refs.input?.[index]
    const isText = this.isPlain && (this.options.readOnly || this.disabled)
    if (isText && element && typeof value === 'string') element.textContent = value
    else setReadOnlyValue.call(this, value, index)
  }

  const files: Component = file.prototype
  const { renderTemplate, getInitFileToSync } = files
  files.renderTemplate = function (this: Component, name: string, context: Record<string, unknown>, mode: unknown) {
    return renderTemplate.call(this, name, name === 'file' ? withNamesEscaped(context) : context, mode)
  }
  // It escapes the name itself, and stores it so in the answers.
  files.getInitFileToSync = function (this: Component, chosen: File) {
    return { ...getInitFileToSync.call(this, chosen), originalName: chosen.name }
  }
}

function withNamesEscaped(context: Record<string, unknown>): Record<string, unknown> {
  const lists = ['files', 'filesToUpload', 'filesToDelete'].map((list) => {
    const named = context[list]
    return [list, Array.isArray(named) ? named.map(escapeNames) : named] as const
  })
  return { ...context, ...Object.fromEntries(lists) }
}

function escapeNames<File extends Named>(file: File): File {
  const { name, originalName } = file
  return {
    ...file,
    ...(name === undefined ? {} : { name: escaped(name) }),
    ...(originalName === undefined ? {} : { originalName: escaped(originalName) }),
  }
}

function escaped(text: unknown): string {
  const codes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return String(text).replace(/[&<>"']/g, (character) => codes[character] ?? character)
}
