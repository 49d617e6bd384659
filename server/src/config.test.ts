import { describe, expect, it } from 'vitest'
import { type Config, readConfig } from './config.ts'

function read(env: Record<string, string>): Config {
  const reading = readConfig(env)
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join(' '))
  return reading.config
}

function mistakesIn(env: Record<string, string>): string[] {
  const reading = readConfig(env)
  return reading.kind === 'mistakes' ? reading.mistakes : []
}

const secretKey = 'x'.repeat(32)
const oidc = {
  OIDC_ISSUER: 'https://id.example.org/realm',
  OIDC_CLIENT_ID: 'formgate',
  OIDC_CLIENT_SECRET: 'hunter2',
}

describe('readConfig', () => {
  it('needs nothing', () => {
    expect(read({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      publicUrl: undefined,
      dataDir: './data',
      pagesDir: 'data/pages',
      databaseUrl: undefined,
      databasePoolSize: 10,
      secretKey: undefined,
      signUp: 'invited',
      rateLimit: { apiKey: 120, others: 500, windowMs: 60_000 },
      rateLimitStore: { kind: 'memory' },
      rateLimitHeaders: 'draft-7',
      metricsToken: undefined,
      trustProxy: false,
      files: { maxBytes: 25 * 1024 * 1024, refusedExtensions: expect.arrayContaining(['exe', 'bat', 'js', 'msi']) },
      admin: undefined,
      smtpUrl: undefined,
      oidc: undefined,
      logLevel: 'warn',
    })
  })

  it('takes an empty variable for none', () => {
    expect(read({ PORT: '', PUBLIC_URL: ' ', SIGN_UP: '', ADMIN_EMAIL: '' })).toEqual(read({}))
  })

  it('leaves white space in a password alone', () => {
    const env = { ADMIN_EMAIL: 'a@example.org', ADMIN_PASSWORD: ' ten characters ' }
    expect(read(env)).toMatchObject({ admin: { password: ' ten characters ' } })
  })

  it.each<[Record<string, string>, Partial<Config>]>([
    [{ PORT: '0' }, { port: 0 }],
    [{ PORT: ' 8080 ' }, { port: 8080 }],
    [{ HOST: '0.0.0.0' }, { host: '0.0.0.0' }],
    [{ PUBLIC_URL: 'https://forms.example.org' }, { publicUrl: new URL('https://forms.example.org') }],
    [{ SIGN_UP: 'open' }, { signUp: 'open' }],
    [{ DATA_DIR: '/srv/forms' }, { dataDir: '/srv/forms', pagesDir: '/srv/forms/pages' }],
    [
      { DATA_DIR: '/srv/forms', PAGES_DIR: '/etc/pages' },
      { dataDir: '/srv/forms', pagesDir: '/etc/pages' },
    ],
    [{ RATE_LIMIT_API_KEY: '20' }, { rateLimit: { apiKey: 20, others: 500, windowMs: 60_000 } }],
    [{ RATE_LIMIT_DEFAULT: '7' }, { rateLimit: { apiKey: 120, others: 7, windowMs: 60_000 } }],
    [{ RATE_LIMIT_WINDOW_SECONDS: '1' }, { rateLimit: { apiKey: 120, others: 500, windowMs: 1000 } }],
    [{ REDIS_URL: 'redis://cache' }, { rateLimitStore: { kind: 'redis', url: 'redis://cache' } }],
    [
      { REDIS_URL: 'rediss://u:p@cache:6380/2', RATE_LIMIT_STORE: 'redis' },
      { rateLimitStore: { kind: 'redis', url: 'rediss://u:p@cache:6380/2' } },
    ],
    [
      { DATABASE_URL: 'postgres://db/forms', SECRET_KEY: secretKey, RATE_LIMIT_STORE: 'auto' },
      { rateLimitStore: { kind: 'postgres' } },
    ],
    [
      { DATABASE_URL: 'postgres://db/forms', SECRET_KEY: secretKey, REDIS_URL: 'redis://cache' },
      { rateLimitStore: { kind: 'redis', url: 'redis://cache' } },
    ],
    [{ REDIS_URL: 'redis://cache', RATE_LIMIT_STORE: 'postgres' }, { rateLimitStore: { kind: 'postgres' } }],
    [
      { DATABASE_URL: 'postgres://db/forms', SECRET_KEY: secretKey, RATE_LIMIT_STORE: 'memory' },
      { rateLimitStore: { kind: 'memory' } },
    ],
    [{ RATE_LIMIT_STORE: 'postgres' }, { rateLimitStore: { kind: 'postgres' } }],
    [{ RATE_LIMIT_HEADERS: 'draft-10' }, { rateLimitHeaders: 'draft-10' }],
    [{ METRICS_TOKEN: 'Zm9ybWdhdGUgbWV0cmljcw==' }, { metricsToken: 'Zm9ybWdhdGUgbWV0cmljcw==' }],
    [{ TRUST_PROXY: 'true' }, { trustProxy: true }],
    [{ TRUST_PROXY: 'false' }, { trustProxy: false }],
    [{ TRUST_PROXY: '10.0.0.0/8, loopback' }, { trustProxy: '10.0.0.0/8, loopback' }],
    [{ TRUST_PROXY: '1' }, { trustProxy: 1 }],
    [{ SMTP_URL: 'smtps://mail.example.org' }, { smtpUrl: 'smtps://mail.example.org' }],
    [{ LOG_LEVEL: 'silent' }, { logLevel: 'silent' }],
    [
      { ADMIN_EMAIL: 'ada@example.org', ADMIN_PASSWORD: 'long enough' },
      { admin: { email: 'ada@example.org', password: 'long enough' } },
    ],
    [
      oidc,
      {
        oidc: {
          issuer: new URL('https://id.example.org/realm'),
          clientId: 'formgate',
          clientSecret: 'hunter2',
          clientAuth: 'basic',
          name: 'id.example.org',
          scopes: 'openid profile email',
          signUp: 'open',
          trustEmail: false,
        },
      },
    ],
    [
      { DATABASE_URL: 'postgres://u:p@db/f', SECRET_KEY: secretKey },
      { databaseUrl: 'postgres://u:p@db/f', secretKey },
    ],
  ])('reads %j', (env, config) => {
    expect(read(env)).toMatchObject(config)
  })

  it.each<[Record<string, string>, string]>([
    [{ PORT: '65536' }, 'PORT'],
    [{ PORT: '-1' }, 'PORT'],
    [{ PORT: '3e3' }, 'PORT'],
    [{ PORT: 'http' }, 'PORT'],
    [{ RATE_LIMIT_API_KEY: '0' }, 'RATE_LIMIT_API_KEY'],
    [{ RATE_LIMIT_WINDOW_SECONDS: '1.5' }, 'RATE_LIMIT_WINDOW_SECONDS'],
    [{ RATE_LIMIT_STORE: 'disk' }, 'RATE_LIMIT_STORE'],
    [{ RATE_LIMIT_STORE: 'redis' }, 'REDIS_URL'],
    [{ RATE_LIMIT_STORE: 'redis', REDIS_URL: 'https://cache' }, 'REDIS_URL'],
    [{ REDIS_URL: 'cache:6379' }, 'REDIS_URL'],
    [{ RATE_LIMIT_HEADERS: 'draft-8' }, 'RATE_LIMIT_HEADERS'],
    [{ METRICS_TOKEN: 'too short' }, 'METRICS_TOKEN'],
    [{ TRUST_PROXY: 'foo' }, 'TRUST_PROXY'],
    [{ TRUST_PROXY: '10.0.0.0/8,proxy' }, 'TRUST_PROXY'],
    [{ TRUST_PROXY: '-1' }, 'TRUST_PROXY'],
    [{ PUBLIC_URL: 'forms.example.org' }, 'PUBLIC_URL'],
    [{ PUBLIC_URL: 'ftp://forms.example.org' }, 'PUBLIC_URL'],
    [{ DATABASE_URL: 'mysql://db', SECRET_KEY: secretKey }, 'DATABASE_URL'],
    [{ DATABASE_URL: 'postgres://db' }, 'SECRET_KEY'],
    [{ SECRET_KEY: 'x'.repeat(31) }, 'SECRET_KEY'],
    [{ SIGN_UP: 'everybody' }, 'SIGN_UP'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
    [{ SMTP_URL: 'mail.example.org' }, 'SMTP_URL'],
    [{ OIDC_ISSUER: 'https://id.example.org' }, 'OIDC_CLIENT_ID'],
    [{ ...oidc, OIDC_CLIENT_SECRET: '' }, 'OIDC_CLIENT_SECRET'],
    [{ ...oidc, OIDC_ISSUER: 'http://id.example.org' }, 'OIDC_ISSUER'],
    [{ ...oidc, OIDC_ISSUER: 'id.example.org' }, 'OIDC_ISSUER'],
    [{ ...oidc, OIDC_SCOPES: 'profile email' }, 'OIDC_SCOPES'],
    [{ ...oidc, OIDC_SIGN_UP: 'closed' }, 'OIDC_SIGN_UP'],
    [{ ...oidc, OIDC_TRUST_EMAIL: 'yes' }, 'OIDC_TRUST_EMAIL'],
    [{ OIDC_NAME: 'Contoso' }, 'OIDC_ISSUER'],
    [{ ADMIN_EMAIL: 'ada@example.org' }, 'ADMIN_PASSWORD'],
    [{ ADMIN_PASSWORD: 'long enough' }, 'ADMIN_EMAIL'],
    [{ ADMIN_EMAIL: 'ada', ADMIN_PASSWORD: 'long enough' }, 'ADMIN_EMAIL'],
    [{ ADMIN_EMAIL: 'ada@example.org', ADMIN_PASSWORD: 'short' }, 'ADMIN_PASSWORD'],
  ])('finds the mistake in %j', (env, variable) => {
    const mistakes = mistakesIn(env)
    expect(mistakes).toHaveLength(1)
    expect(mistakes[0]).toContain(variable)
  })

  it('reports all mistakes at once', () => {
    expect(mistakesIn({ PORT: 'x', SIGN_UP: 'x', LOG_LEVEL: 'x' })).toHaveLength(3)
  })

  it('keeps passwords out of what it says', () => {
    const env = {
      DATABASE_URL: 'mysql://u:hunter2@db',
      REDIS_URL: 'http://u:hunter2@cache',
      METRICS_TOKEN: 'hunter2',
      SECRET_KEY: 'hunter2',
      ADMIN_PASSWORD: 'hunter2',
      ADMIN_EMAIL: 'a@b',
    }
    expect(mistakesIn(env).join(' ')).not.toContain('hunter2')
  })
})
