import { formAnswerKey } from '../exports/columns.ts'

/** The path at which an answer is stored, below a submission's answers: exports rename one key. */
export function storedPath(path: string[]): string[] {
  return path[0] === formAnswerKey ? ['form', ...path.slice(1)] : path
}
