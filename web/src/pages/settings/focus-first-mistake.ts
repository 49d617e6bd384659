/** Leads to the first field that is marked as wrong, once React has marked it. */
export function focusFirstMistake(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
}
