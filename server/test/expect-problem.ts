import type { LightMyRequestResponse } from 'fastify'
import { expect } from 'vitest'

/** A problem with the code that clients decide by, and words for people. */
export function expectProblem(response: LightMyRequestResponse, status: number, code: string): void {
  expect([response.statusCode, response.headers['content-type'], response.json().code]).toEqual([
    status,
    'application/problem+json; charset=utf-8',
    code,
  ])
  expect(response.json()).toMatchObject({ status, type: `urn:formgate:problem:${code}` })
  expect(response.json().title.length).toBeGreaterThan(5)
  expect(response.json().detail.length).toBeGreaterThan(15)
}
