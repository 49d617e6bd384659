import { parseArgs } from 'node:util'
import { UsageError } from './usage.ts'

export const commands = ['export', 'submissions', 'changes', 'openapi'] as const
export type Command = (typeof commands)[number]

export type Arguments = {
  command: Command
  baseUrl: string
  formId: string
  quiet: boolean
  keyStdin: boolean
  output: string | undefined
  format: string
  background: boolean
  fields: string | undefined
  after: string | undefined
  cursorFile: string | undefined
  includeSubmission: boolean
  follow: boolean
  set: Record<string, string>
}
export type Parsed = { kind: 'run'; arguments: Arguments } | { kind: 'help' } | { kind: 'version' }

const options = {
  url: { type: 'string' },
  form: { type: 'string' },
  'key-stdin': { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
  output: { type: 'string', short: 'o' },
  format: { type: 'string', default: 'csv' },
  background: { type: 'boolean', default: false },
  fields: { type: 'string' },
  after: { type: 'string' },
  'cursor-file': { type: 'string' },
  'include-submission': { type: 'boolean', default: false },
  follow: { type: 'boolean', default: false },
  set: { type: 'string', multiple: true, default: [] as string[] },
} as const

const everywhere = ['url', 'form', 'key-stdin', 'quiet', 'help', 'version']
/** An option of another command would be left out in silence, and the result be taken for what was asked. */
const ownOptions: Record<Command, string[]> = {
  export: ['output', 'format', 'background', 'set'],
  submissions: ['fields', 'set'],
  changes: ['after', 'cursor-file', 'include-submission', 'follow'],
  openapi: [],
}

type Environment = Record<string, string | undefined>

/** @throws UsageError which says what is wrong in one line */
export function readArguments(args: string[], env: Environment): Parsed {
  const { values, positionals, tokens } = parsed(args)
  if (values.help || args.length === 0) return { kind: 'help' }
  if (values.version) return { kind: 'version' }
  const [name, ...more] = positionals
  const command = commands.find((each) => each === name)
  if (!command) throw new UsageError(name === undefined ? 'Which command?' : `There is no command ${name}.`)
  if (more.length > 0) throw new UsageError(`What is ${more[0]} for? One command is run at a time.`)
  const allowed = [...everywhere, ...ownOptions[command]]
  const stray = tokens.find((token) => token.kind === 'option' && !allowed.includes(token.name))
  if (stray?.kind === 'option') throw new UsageError(`${command} has no option --${stray.name}.`)
  const { output } = values
  if (command === 'export' && !output) throw new UsageError('Where to? --output FILE is missing.')
  return {
    kind: 'run',
    arguments: {
      command,
      baseUrl: addressIn(needed(values.url ?? env.FORMGATE_URL, '--url')),
      formId: needed(values.form ?? env.FORMGATE_FORM_ID, '--form'),
      quiet: values.quiet,
      keyStdin: values['key-stdin'],
      output,
      format: values.format,
      background: values.background,
      fields: values.fields,
      after: values.after,
      cursorFile: values['cursor-file'],
      includeSubmission: values['include-submission'],
      follow: values.follow,
      set: Object.fromEntries(values.set.map(nameAndValue)),
    },
  }
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true, tokens: true })
  } catch (error) {
    // Node's message goes on with how to write a positional; its first sentence says what is wrong.
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(message.split('. ')[0] ?? message)
  }
}

function needed(value: string | undefined, name: string): string {
  if (!value) throw new UsageError(`${name} is missing.`)
  return value
}

function addressIn(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new UsageError('--url must be an address such as https://forms.example.org.')
  }
  if (new URL(text).password !== '') throw new UsageError('--url must hold no password.')
  return text
}

function nameAndValue(text: string): [string, string] {
  const place = text.indexOf('=')
  if (place < 1) throw new UsageError(`--set takes NAME=VALUE, and not ${text}.`)
  return [text.slice(0, place), text.slice(place + 1)]
}
