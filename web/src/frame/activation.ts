/**
 * What the person did on the page, as the browser tells it; it counts what they do in the frame too. A form's script can
 * say in the frame's words whatever a person could have caused there. Browsers that do not know are trusted.
 */

/** Whether the person has done anything here yet. A form that submitted by itself would tell its author who opened it. */
export function isUsed(): boolean {
  return navigator.userActivation?.hasBeenActive !== false
}

/** Whether the person pressed something a moment ago, as whoever wants a file does. */
export function isPressed(): boolean {
  return navigator.userActivation?.isActive !== false
}

/** A large form on a slow phone takes this long, at the most, to check its answers after its own button was pressed. */
const answeredWithinMs = 60_000
const lookEveryMs = 500

/** Remembers presses, for browsers forget them after some seconds: whether the last is so young that a form may be answering it. */
export function watchPresses(): () => boolean {
  let last = Number.NEGATIVE_INFINITY
  const look = () => {
    if (isPressed()) last = performance.now()
  }
  setInterval(look, lookEveryMs)
  return () => {
    look()
    return performance.now() - last < answeredWithinMs
  }
}
