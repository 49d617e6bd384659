/** Milliseconds since 1970; passed in, so that tests can move it. */
export type Clock = () => number

/** Cryptographically random bytes; passed in for the same reason. */
export type RandomBytes = (size: number) => Buffer

/**
 * Milliseconds since some moment, for what lasts a while: unlike the time of day, they do not jump when a machine's clock is
 * set right.
 */
export type Ticks = () => number
