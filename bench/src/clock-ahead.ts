// Preloaded into a server (node --import) whose clock shall be ahead of the others' by CLOCK_AHEAD_MS milliseconds.
const aheadMs = Number(process.env.CLOCK_AHEAD_MS)
const { now } = Date

globalThis.Date = class extends Date {
  constructor(...given: []) {
    // Whoever names a time means that one, in any of the ways there are.
    super(...(given.length === 0 ? ([now() + aheadMs] as unknown as []) : given))
  }

  static override now = () => now() + aheadMs
} as DateConstructor
