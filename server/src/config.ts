import { join } from 'node:path'
import { readNetwork } from './access/allowed-addresses.ts'

/** Everything the environment can set, read once at start. All mistakes are reported together, not one at a time. */
export type Config = {
  port: number
  host: string
  publicUrl: URL | undefined
  dataDir: string
  pagesDir: string
  databaseUrl: string | undefined
  /** Connections at most, beside those that count. */
  databasePoolSize: number
  secretKey: string | undefined
  signUp: 'invited' | 'open'
  rateLimit: { apiKey: number; others: number; windowMs: number }
  rateLimitStore: RateLimitStoreConfig
  /** The form of the rate limit's header fields for callers that ask for none. */
  rateLimitHeaders: 'draft-7' | 'draft-10'
  /** What a monitoring system says to read the metrics from elsewhere. */
  metricsToken: string | undefined
  /** Whose X-Forwarded-For is believed: nobody's, everybody's, that of so many proxies in a row, or that of these addresses. */
  trustProxy: boolean | number | string
  files: { maxBytes: number; refusedExtensions: string[] }
  admin: { email: string; password: string } | undefined
  smtpUrl: string | undefined
  oidc: OidcConfig | undefined
  logLevel: LogLevel
}

/** Where calls are counted. */
export type RateLimitStoreConfig = { kind: 'memory' } | { kind: 'postgres' } | { kind: 'redis'; url: string }

/** A provider that people may sign in with (OpenID Connect). */
export type OidcConfig = {
  /** Exactly as the provider's own metadata name it. */
  issuer: URL
  clientId: string
  clientSecret: string
  /** How the secret goes to the provider (OpenID Connect Core §9). */
  clientAuth: 'basic' | 'post'
  /** What people read on the button. */
  name: string
  scopes: string
  /** Whether people whom nobody invited get an account. */
  signUp: 'invited' | 'open'
  /** Whether its e-mail addresses count as verified where it says nothing of that. */
  trustEmail: boolean
}

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

export type ConfigReading = { kind: 'read'; config: Config } | { kind: 'mistakes'; mistakes: string[] }

/** better-auth refuses shorter passwords too; saying so at start beats a silent failure to make the first account. */
export const passwordMinLength = 10

/** What Windows, macOS, Linux or Android runs, installs or changes settings by when somebody opens it. */
const programExtensions =
  'ade,adp,apk,app,application,appref-ms,bat,chm,cmd,com,cpl,deb,dll,dmg,exe,gadget,hta,inf,ins,iso,isp,jar,js,jse,lnk,mde,mjs,msc,msh,msi,msix,msp,mst,pif,pkg,ps1,ps2,psc1,psm1,reg,rpm,scf,scr,sct,sh,shb,sys,url,vb,vbe,vbs,vhd,vxd,ws,wsc,wsf,wsh,xll'

/** Reads the configuration from environment variables; an empty variable counts as unset. */
export function readConfig(env: Record<string, string | undefined>): ConfigReading {
  const reader = new EnvReader(env)
  const config: Config = {
    port: reader.integer('PORT', 3000, 0, 65_535),
    host: reader.text('HOST') ?? '127.0.0.1',
    publicUrl: reader.url('PUBLIC_URL', ['http:', 'https:']),
    dataDir: reader.text('DATA_DIR') ?? './data',
    pagesDir: reader.text('PAGES_DIR') ?? join(reader.text('DATA_DIR') ?? './data', 'pages'),
    databaseUrl: reader.url('DATABASE_URL', ['postgres:', 'postgresql:'])?.href,
    databasePoolSize: reader.integer('DATABASE_POOL_SIZE', 10, 2, 1000),
    secretKey: reader.text('SECRET_KEY'),
    signUp: reader.oneOf('SIGN_UP', ['invited', 'open'], 'invited'),
    rateLimit: {
      apiKey: reader.integer('RATE_LIMIT_API_KEY', 120, 1, 1_000_000_000),
      others: reader.integer('RATE_LIMIT_DEFAULT', 500, 1, 1_000_000_000),
      windowMs: reader.integer('RATE_LIMIT_WINDOW_SECONDS', 60, 1, 86_400) * 1000,
    },
    rateLimitStore: reader.rateLimitStore(),
    rateLimitHeaders: reader.oneOf('RATE_LIMIT_HEADERS', ['draft-7', 'draft-10'], 'draft-7'),
    metricsToken: reader.metricsToken(),
    trustProxy: reader.trustedProxies(),
    files: {
      maxBytes: reader.integer('FILES_MAX_MB', 25, 1, 10_000) * 1024 * 1024,
      refusedExtensions: reader.extensions('FILES_REFUSED_EXTENSIONS', programExtensions),
    },
    admin: reader.admin(),
    smtpUrl: reader.url('SMTP_URL', ['smtp:', 'smtps:'])?.href,
    oidc: reader.oidc(),
    logLevel: reader.oneOf('LOG_LEVEL', logLevels, 'warn'),
  }
  reader.checkSecretKey(config)
  if (reader.mistakes.length > 0) return { kind: 'mistakes', mistakes: reader.mistakes }
  return { kind: 'read', config }
}

/** Where a provider may be asked without TLS: nobody listens between us and it. */
const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

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

  /** Names after the last dot, separated by commas; `none` for none. */
  extensions(name: string, preset: string): string[] {
    const value = (this.text(name) ?? preset).toLowerCase()
    if (value === 'none') return []
    const extensions = value.split(',').map((each) => each.trim().replace(/^\./, ''))
    const wrong = extensions.find((each) => !/^[a-z0-9_-]+$/.test(each))
    if (wrong !== undefined) {
      this.mistakes.push(`${name} holds "${wrong}"; it takes extensions such as exe,bat or the word none.`)
    }
    return extensions
  }

  /** As Fastify's trustProxy takes it. */
  trustedProxies(): Config['trustProxy'] {
    const value = this.text('TRUST_PROXY') ?? 'false'
    if (value === 'true' || value === 'false') return value === 'true'
    if (/^\d+$/.test(value) && Number(value) <= 32) return Number(value)
    const wrong = value.split(',').find((each) => !isProxyRange(each.trim()))
    if (wrong === undefined) return value
    this.mistakes.push(
      `TRUST_PROXY holds "${wrong.trim()}"; it takes true, false, the number of proxies in a row, or their addresses such as 10.0.0.0/8,loopback.`,
    )
    return false
  }

  url(name: string, protocols: string[]): URL | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return new URL(value)
    // The value stays out of the message: it may hold a password.
    this.mistakes.push(`${name} is no address that starts with ${protocols.map((each) => `${each}//`).join(' or ')}.`)
    return undefined
  }

  /** The store that containers share, if there is one; else there is one process, and its memory will do. */
  rateLimitStore(): RateLimitStoreConfig {
    const choice = this.oneOf('RATE_LIMIT_STORE', ['auto', 'memory', 'postgres', 'redis'], 'auto')
    const redisUrl = this.url('REDIS_URL', ['redis:', 'rediss:'])?.href
    if (choice === 'redis' && this.text('REDIS_URL') === undefined) {
      this.mistakes.push('RATE_LIMIT_STORE is "redis"; REDIS_URL has to say where that is.')
    }
    if (redisUrl !== undefined && (choice === 'redis' || choice === 'auto')) return { kind: 'redis', url: redisUrl }
    if (choice === 'postgres') return { kind: 'postgres' }
    return { kind: choice === 'auto' && this.text('DATABASE_URL') !== undefined ? 'postgres' : 'memory' }
  }

  metricsToken(): string | undefined {
    const token = this.text('METRICS_TOKEN')
    if (token !== undefined && !/^[\w.~+/-]{16,}=*$/.test(token)) {
      this.mistakes.push(
        'METRICS_TOKEN takes 16 or more letters, digits and -._~+/ (RFC 6750). Make one: openssl rand -hex 32',
      )
    }
    return token
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

  oidc(): Config['oidc'] {
    const issuer = this.url('OIDC_ISSUER', ['https:', 'http:'])
    const clientId = this.text('OIDC_CLIENT_ID')
    const clientSecret = this.text('OIDC_CLIENT_SECRET')
    const scopes = this.text('OIDC_SCOPES') ?? 'openid profile email'
    const settings = {
      clientAuth: this.oneOf('OIDC_CLIENT_AUTH', ['basic', 'post'], 'basic'),
      signUp: this.oneOf('OIDC_SIGN_UP', ['invited', 'open'], 'open'),
      trustEmail: this.oneOf('OIDC_TRUST_EMAIL', ['true', 'false'], 'false') === 'true',
    }
    const given = [this.text('OIDC_ISSUER'), clientId, clientSecret]
    if (given.every((each) => each === undefined)) return this.#oidcWithout()
    if (given.includes(undefined)) {
      this.mistakes.push('OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET go together; not all of them are set.')
    }
    if (issuer?.protocol === 'http:' && !loopbackHosts.has(issuer.hostname)) {
      this.mistakes.push('OIDC_ISSUER starts with http://; beyond this machine it must be https://.')
    }
    if (!scopes.split(' ').includes('openid')) this.mistakes.push(`OIDC_SCOPES is "${scopes}"; openid must be in it.`)
    if (issuer === undefined || clientId === undefined || clientSecret === undefined) return undefined
    return { issuer, clientId, clientSecret, name: this.text('OIDC_NAME') ?? issuer.hostname, scopes, ...settings }
  }

  /** Whoever sets these wants the provider and has forgotten which. */
  #oidcWithout(): undefined {
    const lonely = ['OIDC_NAME', 'OIDC_SCOPES', 'OIDC_CLIENT_AUTH', 'OIDC_SIGN_UP', 'OIDC_TRUST_EMAIL'].find(
      (name) => this.text(name) !== undefined,
    )
    if (lonely) this.mistakes.push(`${lonely} is set without OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.`)
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

/** The names of ranges that the library for proxies knows. */
const namedRanges = ['loopback', 'linklocal', 'uniquelocal']

function isProxyRange(text: string): boolean {
  return namedRanges.includes(text) || readNetwork(text) !== undefined
}
