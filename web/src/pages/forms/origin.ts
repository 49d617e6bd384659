import type { Definition } from '../../frame/protocol.ts'
import type { ListedForm } from './form-list.ts'

/** What a new form starts from. */
export type Origin =
  | { kind: 'nothing' }
  | { kind: 'file'; definition: Definition; fileName: string; suggestedName: string }
  | { kind: 'copy'; form: ListedForm }
