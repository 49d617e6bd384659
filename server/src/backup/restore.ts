import { StartError } from '../embedded-postgres/start-error.ts'
import { fileNamed, runCommand } from './command.ts'
import { restoreFromFile } from './restore-from-file.ts'

await runCommand(async (config) => {
  const given = process.argv.slice(2)
  const [file, ...more] = given.filter((argument) => argument !== '--replace')
  if (file === undefined || file.startsWith('-') || more.length > 0) {
    throw new StartError('Usage: npm run restore -- FILE [--replace]')
  }
  await restoreFromFile({ file: fileNamed(file), replace: given.includes('--replace'), config, say: console.log })
})
