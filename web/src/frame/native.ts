/**
 * Stands in for polyfills that form.io brings for browsers older than those we build for (`web/vite.config.ts`): 10 KB of
 * what each respondent would load.
 */
export default function nativeFetch() {
  // Looked up with each call, for the frame answers fetches itself (`answerFetches`).
  const fetch: typeof window.fetch = (...request) => window.fetch(...request)
  return { fetch, Headers, Request, Response }
}
