/** Everything the environment can set, read once at start. All mistakes are reported together, not one at a time. */
export type Config = {
  port: number
  host: string
  publicUrl: URL | undefined
  dataDir: string
  databaseUrl: string | undefined
  secretKey: string | undefined
  signUp: 'invited' | 'open'
  rateLimit: { apiKey: number; others: number; windowMs: number }
  trustProxy: boolean | string
  admin: { email: string; password: string } | undefined
  smtpUrl: string | undefined
  logLevel: LogLevel
}

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

export type ConfigReading = { kind: 'read'; config: Config } | { kind: 'mistakes'; mistakes: string[] }

/** better-auth refuses shorter passwords too; saying so at start beats a silent failure to make the first account. */
export const passwordMinLength = 10

/** Reads the configuration from environment variables; an empty variable counts as unset. */
export function readConfig(env: Record<string, string | undefined>): ConfigReading {
  const reader = new EnvReader(env)
  const config: Config = {
    port: reader.integer('PORT', 3000, 0, 65_535),
    host: reader.text('HOST') ?? '127.0.0.1',
    publicUrl: reader.url('PUBLIC_URL', ['http:', 'https:']),
    dataDir: reader.text('DATA_DIR') ?? './data',
    databaseUrl: reader.url('DATABASE_URL', ['postgres:', 'postgresql:'])?.href,
    secretKey: reader.text('SECRET_KEY'),
    signUp: reader.oneOf('SIGN_UP', ['invited', 'open'], 'invited'),
    rateLimit: {
      apiKey: reader.integer('RATE_LIMIT_API_KEY', 120, 1, 1_000_000_000),
      others: reader.integer('RATE_LIMIT_DEFAULT', 500, 1, 1_000_000_000),
      windowMs: reader.integer('RATE_LIMIT_WINDOW_SECONDS', 60, 1, 86_400) * 1000,
    },
    trustProxy: trustedProxies(reader.text('TRUST_PROXY')),
    admin: reader.admin(),
    smtpUrl: reader.url('SMTP_URL', ['smtp:', 'smtps:'])?.href,
    logLevel: reader.oneOf('LOG_LEVEL', logLevels, 'warn'),
  }
  reader.checkSecretKey(config)
  if (reader.mistakes.length > 0) return { kind: 'mistakes', mistakes: reader.mistakes }
  return { kind: 'read', config }
}

/** `true`/`false`, or the addresses whose X-Forwarded-For is believed, as Fastify's trustProxy takes them. */
function trustedProxies(value: string | undefined): boolean | string {
  if (value === undefined || value === 'false') return false
  return value === 'true' ? true : value
}

class EnvReader {
  readonly mistakes: string[] = []
  readonly #env: Record<string, string | undefined>

  constructor(env: Record<string, string | undefined>) {
    this.#env = env
  }

  text(name: string): string | undefined {
    return this.#env[name]?.trim() || undefined
  }

  integer(name: string, preset: number, min: number, max: number): number {
    const value = this.text(name)
    if (value === undefined) return preset
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
    if (number >= min && number <= max) return number
    this.mistakes.push(`${name} is "${value}"; it takes a whole number from ${min} to ${max}.`)
    return preset
  }

  oneOf<const T extends string>(name: string, choices: readonly T[], preset: T): T {
    const value = this.text(name)
    if (value === undefined) return preset
    const choice = choices.find((candidate) => candidate === value)
    if (choice === undefined) this.mistakes.push(`${name} is "${value}"; it takes one of ${choices.join(', ')}.`)
    return choice ?? preset
  }

  url(name: string, protocols: string[]): URL | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return new URL(value)
    // The value stays out of the message: it may hold a password.
    this.mistakes.push(`${name} is no address that starts with ${protocols.map((each) => `${each}//`).join(' or ')}.`)
    return undefined
  }

  admin(): Config['admin'] {
    const email = this.text('ADMIN_EMAIL')
    // As it is: white space may be part of a password.
    const password = this.#env.ADMIN_PASSWORD || undefined
    if (email === undefined && password === undefined) return undefined
    if (email === undefined || password === undefined) {
      this.mistakes.push('ADMIN_EMAIL and ADMIN_PASSWORD go together; one of them is missing.')
      return undefined
    }
    if (!/^[^\s@]+@[^\s@]+$/.test(email)) this.mistakes.push(`ADMIN_EMAIL is "${email}"; that is no e-mail address.`)
    if (password.length < passwordMinLength) {
      this.mistakes.push(`ADMIN_PASSWORD is shorter than ${passwordMinLength} characters.`)
    }
    return { email, password }
  }

  /** Each container making its own key would break sessions and Show Secret at random, so there is no default. */
  checkSecretKey({ databaseUrl, secretKey }: Config): void {
    if (databaseUrl !== undefined && secretKey === undefined) {
      this.mistakes.push('SECRET_KEY is missing; it is required with DATABASE_URL. Make one: openssl rand -base64 32')
    }
    if (secretKey !== undefined && secretKey.length < 32) {
      this.mistakes.push('SECRET_KEY is shorter than 32 characters. Make one: openssl rand -base64 32')
    }
  }
}
