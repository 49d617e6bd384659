/** Whether `text` has every word of `wanted` in it, however they are written: capitals and accents do not count. */
export function contains(text: string, wanted: string): boolean {
  const searched = plain(text)
  return plain(wanted)
    .split(/\s+/)
    .every((word) => searched.includes(word))
}

function plain(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}
