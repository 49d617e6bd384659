import * as apiKeys from '../api-keys/api-keys.schemas.ts'
import * as namedKeys from '../api-keys/named-keys.schemas.ts'
import * as changes from '../changes/changes.schemas.ts'
import * as drafts from '../drafts/drafts.schemas.ts'
import * as exportFiles from '../exports/export-files.schemas.ts'
import * as files from '../files/files.schemas.ts'
import * as formOpenapi from '../form-openapi/form-openapi.schemas.ts'
import * as forms from '../forms/forms.schemas.ts'
import * as http from '../http/schemas.ts'
import * as indexedFields from '../indexed-fields/indexed-fields.schemas.ts'
import * as pages from '../pages/pages.schemas.ts'
import * as people from '../people/people.schemas.ts'
import * as rateLimits from '../rate-limit/rate-limits.schemas.ts'
import * as review from '../submissions/review.schemas.ts'
import * as submissionLists from '../submissions/submission-lists.schemas.ts'
import * as submissions from '../submissions/submissions.schemas.ts'
import * as team from '../team/team.schemas.ts'
import * as versions from '../versions/versions.schemas.ts'

const modules = [
  http,
  forms,
  formOpenapi,
  versions,
  drafts,
  submissions,
  submissionLists,
  review,
  indexedFields,
  changes,
  exportFiles,
  files,
  apiKeys,
  namedKeys,
  pages,
  people,
  rateLimits,
  team,
]

/** Every exported schema of the features that has a name: routes refer to them, and so does the OpenAPI document. */
export function sharedSchemas(): { $id: string }[] {
  return modules.flatMap((module) => Object.values(module)).filter(isNamed)
}

function isNamed(value: unknown): value is { $id: string } {
  return typeof value === 'object' && value !== null && '$id' in value
}
