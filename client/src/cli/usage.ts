/** A command line that cannot be run; the message says why in one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What each way to end means for scripts. */
export const exitCodes = { done: 0, failed: 1, usage: 2, refused: 3, cursorExpired: 4, interrupted: 130 } as const

export const usage = `Usage: formgate-client COMMAND --url URL --form FORM_ID [options]

Commands
  export        download all submissions to a file; interrupted, it goes on where it was
  submissions   list submissions, one JSON object in a line
  changes       list what happened to submissions, one JSON object in a line
  openapi       the form's own OpenAPI document

The form's API key comes from the environment variable FORMGATE_API_KEY, or from the standard input with --key-stdin.

All commands
  --url URL           where the server is, as https://forms.example.org; or FORMGATE_URL
  --form FORM_ID      the form; or FORMGATE_FORM_ID
  --key-stdin         read the API key from the standard input
  --quiet             no progress on the standard error
  --help, --version

export
  --output FILE       where to; until it is whole it is FILE.part
  --format FORMAT     csv (the default), json, ndjson, or what else the server offers
  --background        let the server make the file first, and tell how far it is
  --set NAME=VALUE    any parameter of the export, such as --set drafts=true --set timeZone=America/Vancouver

submissions
  --fields A,B        answers to add to each row
  --set NAME=VALUE    any filter of the list, such as --set deleted=false

changes
  --after CURSOR      begin after this cursor; "now" for what comes from now on
  --cursor-file FILE  begin where the last run ended, and note in it where this one is
  --include-submission  each change with its submission, as it is now
  --follow            wait for more

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the key was refused, 4 the cursor is too old, 130 interrupted.
`
