/** A reason not to start that a person can act on: one or two plain sentences, printed without a stack. */
export class StartError extends Error {
  override name = 'StartError'
}
