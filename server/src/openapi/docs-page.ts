/** What Scalar shows and, above all, what it leaves alone: no request of the page goes to another host. */
const configuration = {
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: 'never',
  // A key that was tried out does not stay in the browser.
  persistAuth: false,
  authentication: { preferredSecurityScheme: 'BasicAuth' },
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
  documentDownloadType: 'none',
}

/** The script that starts the page; a file of its own, so that the page needs no inline script. */
export const startScript = `Scalar.createApiReference('#app', {
  url: new URL('api-spec.json', document.baseURI).href,
  ...${JSON.stringify(configuration)},
})
`

/** The page that shows the API's document. */
export const docsPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Formgate API</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="icon" href="data:,">
  </head>
  <body>
    <noscript>This page needs JavaScript. The same for programs: <a href="api-spec.json">api-spec.json</a>,
      <a href="api-spec.yaml">api-spec.yaml</a>.</noscript>
    <div id="app"></div>
    <script src="docs/scalar.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`

/** The page's header fields: its scripts are files from here, and so is everything that they load. */
export const docsHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    // Scalar writes style sheets and style attributes while it runs, most of them without a nonce.
    "style-src 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
}
