import { StartError } from '../embedded-postgres/start-error.ts'
import { fileNamed, runCommand } from './command.ts'
import { saveToFile } from './save-to-file.ts'

await runCommand(async (config) => {
  const [file, ...more] = process.argv.slice(2)
  if (file === undefined || file.startsWith('-') || more.length > 0) {
    throw new StartError('Usage: npm run backup -- FILE')
  }
  await saveToFile(fileNamed(file), config, console.log)
})
