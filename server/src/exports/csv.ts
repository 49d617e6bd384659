const needsQuotes = /[",\r\n]/

/**
 * The beginnings that a spreadsheet may take for a formula (OWASP, "CSV Injection"), in full width too. A plus or minus
 * that only digits and their punctuation follow is a number or a telephone number and can do no harm.
 */
const formula = /^(?:[=@\t\r\n\uFF1D\uFF20]|[+\-\uFF0B\uFF0D](?![\d\s().,/-]*$))/

/** Turns a JSON value into the text of a CSV cell. */
export type CellText = (value: unknown) => string

/**
 * How values become cells: texts as they are, numbers and booleans as JSON prints them, lists and objects as JSON text,
 * null and what is absent as nothing; quoted where RFC 4180 demands it.
 * @param formulaGuard whether texts that a spreadsheet would calculate get a `'` in front
 */
export function cellsWith({ formulaGuard }: { formulaGuard: boolean }): CellText {
  return (value) => {
    if (typeof value === 'string') return quoted(formulaGuard && formula.test(value) ? `'${value}` : value)
    if (value === null || value === undefined) return ''
    return typeof value === 'object' ? quoted(JSON.stringify(value)) : String(value)
  }
}

function quoted(text: string): string {
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A record of RFC 4180 with its line break; holes and missing cells at the end are empty. */
export function csvLine(cells: string[], width: number): string {
  cells.length = width
  const line = cells.join(',')
  // Of one empty cell nothing would be left, and readers skip empty lines.
  return line === '' ? '""\r\n' : `${line}\r\n`
}
