import { make } from './dom.ts'

/** A boxed sentence with what can be done about it. */
export function notice(look: 'info' | 'warning' | 'danger', text: string, ...actions: HTMLElement[]): HTMLElement {
  return make('div', { class: `alert alert-${look} fill-notice` }, make('p', {}, text), ...actions)
}
