import { readConfig } from './config.ts'
import { StartError } from './embedded-postgres/start-error.ts'
import { serve } from './start/serve.ts'
import { listenForStop } from './start/stop-signals.ts'

const reading = readConfig(process.env)
if (reading.kind === 'mistakes') {
  console.error(['Formgate was not started:', ...reading.mistakes.map((mistake) => `- ${mistake}`)].join('\n'))
  process.exit(1)
}

const onLost = () => {
  console.error('The embedded database ended unexpectedly; stopping. Start Formgate again to recover it.')
  process.exit(1)
}

try {
  const demo = process.argv.includes('--demo')
  const say = (line: string) => console.log(line)
  await serve({ config: reading.config, signals: listenForStop(), say, onLost, demo })
  // Whatever still runs by now has nothing left to do.
  process.exit(0)
} catch (error) {
  if (!(error instanceof StartError)) throw error
  console.error(error.message)
  process.exit(1)
}
