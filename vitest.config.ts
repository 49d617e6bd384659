import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'server/**/*.test.ts',
      'web/**/*.test.ts',
      'client/**/*.test.ts',
      'bench/**/*.test.ts',
      'docs/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    globalSetup: ['server/test/global-setup.ts'],
    // Many tests wait for PostgreSQL or for another process; one worker would leave the second core idle.
    maxWorkers: 3,
    // A worker loads the server once and keeps it for its next files: each makes an app and a database of its own, so
    // there is nothing to keep apart, and loading takes longer than most files' tests.
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // What is waited for comes within milliseconds, except on a busy machine.
    expect: { poll: { timeout: 10_000 } },
  },
})
