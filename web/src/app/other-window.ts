/**
 * Signing in with the provider in another window. The windows share no handle (our pages isolate their opener), so the
 * other one speaks over a channel of our origin.
 */
const channelName = 'formgate.signed-in'
export const otherWindowPath = '/app/signed-in'

export function announceSignIn(): void {
  const channel = new BroadcastChannel(channelName)
  channel.postMessage('signed in')
  channel.close()
}

/** Calls back when the other window says that somebody signed in, and when this one gets the focus back. */
export function whenOtherWindowIsDone(look: () => void): () => void {
  const channel = new BroadcastChannel(channelName)
  channel.onmessage = look
  window.addEventListener('focus', look)
  return () => {
    channel.close()
    window.removeEventListener('focus', look)
  }
}
