import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { precompress } from './precompress.ts'
import { preload } from './preload.ts'

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url))

const sharedSources =
  /preload-helper|src\/(?:i18n\/(?:formatting|languages|french-spaces)|theme\/color-scheme|api\/problem|frame\/(?:host|protocol))\.ts$/

/**
 * Three documents: `app.html` for owners (React), `submit.html` for respondents (no React), `frame.html` for form.io.
 * What their names promise is kept by what they import, and looked at by `server/test/web-app.test.ts`.
 */
export default defineConfig({
  root: path('.'),
  base: '/app/',
  publicDir: path('public'),
  plugins: [react(), preload(), precompress()],
  resolve: {
    alias: Object.fromEntries(
      [
        'fetch-ponyfill',
        'core-js/features/object/from-entries',
        'abortcontroller-polyfill/dist/polyfill-patch-fetch',
      ].map((polyfill) => [polyfill, path('src/frame/native.ts')]),
    ),
  },
  // form.io and its libraries say `global`.
  define: { global: 'globalThis' },
  css: { preprocessorOptions: { scss: { quietDeps: true, silenceDeprecations: ['import', 'if-function'] } } },
  build: {
    outDir: path('dist'),
    emptyOutDir: true,
    target: 'es2022',
    // Nothing inline: our policy allows no data: address for scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 5000,
    rolldownOptions: {
      input: { app: path('app.html'), submit: path('submit.html'), frame: path('frame.html') },
      // What the documents share is small and in many files, each of which would cost a request.
      output: { codeSplitting: { groups: [{ name: 'shared', test: sharedSources }] } },
    },
  },
})
