/**
 * The content security policies (CSP Level 3) of our documents. Nothing inline and nothing from elsewhere; form.io, which
 * needs `eval` and runs what a form's author wrote, lives in the frame and nowhere else.
 */

/** Our own pages. `frames` are the addresses of the form.io frame: no other document may be loaded into a frame of ours. */
export function pagePolicy(frames: string[], embeddable: boolean): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // Bootstrap draws its ticks and arrows from data: images; blob: is a picture the page itself made to be downloaded.
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    `frame-src ${frames.join(' ')}`,
    "form-action 'self'",
    "base-uri 'none'",
    embeddable ? 'frame-ancestors *' : "frame-ancestors 'none'",
  ].join('; ')
}

/**
 * The frame: an origin of its own, without our cookies and storage. It may run scripts and evaluate text, and may connect
 * to nothing, send no form, open no window and load no frame. Images and fonts come from us or from the definition itself.
 */
export const framePolicy = [
  'sandbox allow-scripts',
  "default-src 'none'",
  "script-src 'self' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'none'",
  "frame-src 'none'",
  "worker-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
  // A form that another site embeds has that site above it too. The frame alone holds nothing: no session, no answers.
  'frame-ancestors *',
].join('; ')

/**
 * What no content security policy covers: a browser connects, and asks for the address of a name, as soon as a script
 * hints at it (`preconnect`, `dns-prefetch`), and names can carry answers away. Chromium heeds this list from version 152
 * on (WICG Connection Allowlists); it also stands behind the policy for all other ways out.
 */
export const frameConnections = '(response-origin)'

/**
 * Addresses of the frame as a page may name it: by the host that the browser asked, and by the public one.
 * A host with characters that could end a directive is left out.
 */
export function frameAddresses(request: { protocol: string; host: string }, publicUrl: URL | undefined): string[] {
  const asked = /^[\w.:[\]-]+$/.test(request.host) ? [`${request.protocol}://${request.host}/app/frame`] : []
  const known = publicUrl ? [`${publicUrl.origin}/app/frame`] : []
  const addresses = [...new Set([...known, ...asked])]
  return addresses.length > 0 ? addresses : ["'none'"]
}
