/** One word of a POSIX shell: single quotes hold everything but a single quote. */
export const shellQuote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
