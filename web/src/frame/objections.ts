// biome-ignore lint/suspicious/noExplicitAny: form.io's types do not describe the components that it creates.
type Component = any
type Form = { on(event: 'change', heard: () => void): void }

export type Objection = { component: Component; message: string }
export type Objections = { show(raised: Objection[]): void }

/**
 * What the server has against answers stands at the fields until somebody changes the answer or submits again. form.io takes
 * it away each time that it looks at the answers by itself, which may be a moment after the reply came.
 */
export function objectionsOf(form: Form): Objections {
  let held: (Objection & { answer: string })[] = []

  function draw(): void {
    held = held.filter(({ component, answer }) => answerOf(component) === answer)
    for (const { component, message } of held)
      component.setCustomValidity({ level: 'error', message, fromServer: true, external: true }, true, true)
  }

  form.on('change', draw)
  return {
    show(raised) {
      held = raised.map((objection) => ({ ...objection, answer: answerOf(objection.component) }))
      draw()
    },
  }
}

function answerOf(component: Component): string {
  return JSON.stringify(component.dataValue) ?? ''
}
