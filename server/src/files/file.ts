/** The rules of files: names, types, and which of them a submission names. */

/** What file systems take for a name at the most. */
const nameMaxLength = 255
const mimeTypeMaxLength = 127
const anyMimeType = 'application/octet-stream'

/** A month of abandoned uploads would fill a disk; somebody who fills in a form for a day shall not lose theirs. */
export const unsubmittedKeptHours = 24
/** As many uploads may wait for their submission, per form and per person or network: strangers cannot fill the disk. */
export const unsubmittedMax = 100
/** Of one DELETE. */
export const fileIdsMax = 100

/**
 * The name under which a file is offered again: the last part of a path, without control characters and without those
 * that are not seen or turn the direction of text (but for the two that join letters), behind which `exe.pdf` can be the end of a program's name.
 * @returns undefined when nothing is left
 */
export function cleanFileName(sent: string): string | undefined {
  const [last = ''] = sent.toWellFormed().split(/[/\\]/).slice(-1)
  const name = last.replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}]/gu, '').trim()
  return /^[.\u200c\u200d]*$/.test(name) ? undefined : shortened(name)
}

/** Cuts a name in front of its extension. */
function shortened(name: string): string {
  if (name.length <= nameMaxLength) return name
  const extension = /\.[^.]{1,20}$/.exec(name)?.[0] ?? ''
  const stem = name.slice(0, nameMaxLength - extension.length)
  // The cut may have halved a pair of surrogates.
  return (stem.isWellFormed() ? stem : stem.slice(0, -1)) + extension
}

/**
 * The extension by which Windows decides what a double click does, in small letters: it passes over dots and blanks at a
 * name's end and over whatever follows a colon.
 */
export function extensionOf(name: string): string {
  // Wide letters are read as letters, by people and by some programs.
  const seen = (
    name
      .normalize('NFKC')
      .replace(/\p{Cf}/gu, '')
      .split(':')[0] ?? ''
  ).replace(/[. ]+$/, '')
  return /\.([^.]+)$/.exec(seen)?.[1]?.trim().toLowerCase() ?? ''
}

/** The type that the uploader named, if it has the form of one (RFC 6838 §4.2): it goes back out in a header. */
export function cleanMimeType(sent: string): string {
  const type = sent.trim().toLowerCase()
  return type.length <= mimeTypeMaxLength && /^[a-z0-9][\w!#$&^.+-]*\/[a-z0-9][\w!#$&^.+-]*$/.test(type)
    ? type
    : anyMimeType
}

/**
 * The ids of the files that a submission names. A file's answer holds `data.id` and a `url` that ends in the id, and
 * components of other kinds may keep one of the two: so every text that is a UUID, or ends in one behind a slash, counts.
 * What is no file's id finds no row.
 * @param submission JSON text
 */
export function fileIdsIn(submission: string): string[] {
  const ids = submission.match(/(?<=["/])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?=")/gi) ?? []
  return [...new Set(ids.map((id) => id.toLowerCase()))]
}

/** What the token of a stranger's upload signs. */
export function fileTokenText(fileId: string): string {
  return `file:${fileId}`
}
