import { expect, it } from 'vitest'
import { isAppPath, returnPath } from './return-path.ts'

it.each([
  ['/app/form/manage?f=1&section=team#keys', '/app/form/manage?f=1&section=team#keys'],
  ['/app?x=https://example.org', '/app?x=https://example.org'],
  ['/app', '/app'],
  [undefined, '/app'],
  ['', '/app'],
  ['//example.org', '/app'],
  ['https://example.org/app', '/app'],
  ['javascript:alert(1)', '/app'],
  ['/application', '/app'],
  ['/app/\\example.org', '/app'],
  ['\\\\example.org/app', '/app'],
  ['/app/\u0009/example.org', '/app'],
  ['/other', '/app'],
  ['/app/sign-in?to=/app', '/app'],
  ['/app/accept-invitation#token=1', '/app'],
])('leads from %j to %j', (to, path) => {
  expect(returnPath(to)).toBe(path)
})

it.each([
  ['/app/form/submit?f=1', false],
  ['/app/api/v1/docs', false],
  ['/app/form/submissions?f=1', true],
  ['/app/api-specification', true],
])('knows of %s whether the app shows it: %s', (path, expected) => {
  expect(isAppPath(path)).toBe(expected)
})
