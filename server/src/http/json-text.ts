import type { FastifyReply } from 'fastify'

export const jsonType = 'application/json; charset=utf-8'

/** Sends JSON text that was put together from rows as it is, without parsing it in between. */
export function sendJsonText<Reply>(reply: Reply, text: string): Reply {
  // The route's schema describes the parsed shape, and Fastify's types want that; the text has it.
  const plain = reply as unknown as FastifyReply
  plain.type(jsonType).send(text)
  return reply
}

/** Joins the JSON texts of two objects into one object's. */
export function joinObjects(left: string, right: string): string {
  if (right === '{}') return left
  return left === '{}' ? right : `${left.slice(0, -1)},${right.slice(1)}`
}

/** Adds a member whose value is JSON text already to an object's JSON text. */
export function withMember(object: string, name: string, value: string): string {
  return joinObjects(object, `{${JSON.stringify(name)}:${value}}`)
}
