import { randomUUID } from 'node:crypto'

/**
 * A new id. Version 4 and not 7: a confirmation ID is a submission's first eight hex digits, which in version 7 are the
 * time and would be the same for all who submit within a minute.
 */
export function newId(): string {
  return randomUUID()
}
