/** Milliseconds since 1970; passed in, so that tests can move it. */
export type Clock = () => number

/** Cryptographically random bytes; passed in for the same reason. */
export type RandomBytes = (size: number) => Buffer
