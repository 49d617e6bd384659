export type Place = {
  /** Address of this server, such as `https://forms.example.org`. */
  origin: string
  formId: string
  /** The published version; without one nothing can be submitted. */
  versionId: string | undefined
  answers: Record<string, unknown>
  /** While it is shown; else the program reads it from the environment variable API_KEY. */
  secret: string | undefined
}

export const formUrl = ({ origin, formId }: Place) => `${origin}/app/api/v1/forms/${formId}`
/** The newest ten submissions that were sent and not deleted. */
export const listQuery = 'draft=false&deleted=false&paginationEnabled=true&itemsPerPage=10'
export const submitUrl = (place: Place) => `${formUrl(place)}/versions/${place.versionId}/submissions`
export const submission = ({ answers }: Place) => ({ draft: false, submission: { data: answers } })
