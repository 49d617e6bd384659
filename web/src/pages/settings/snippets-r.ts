import { formUrl, type Place, submission, submitUrl } from './snippet-place.ts'

/** R with the package httr2, which refuses replies of 400 and above by itself. */
const head = ({ formId, secret }: Place) => `# install.packages(c("httr2", "jsonlite"))
library(httr2)

form_id <- "${formId}"
api_key <- ${secret ? `"${secret}"` : 'Sys.getenv("API_KEY")'}`

export function rList(place: Place): string {
  return `${head(place)}

response <- request("${formUrl(place)}/submissions") |>
  req_url_query(draft = "false", deleted = "false", paginationEnabled = "true", itemsPerPage = 10) |>
  req_auth_basic(form_id, api_key) |>
  req_perform()
page <- resp_body_json(response, simplifyVector = TRUE)
print(page$results)`
}

export function rExport(place: Place): string {
  return `${head(place)}

request("${formUrl(place)}/export") |>
  req_url_query(format = "csv") |>
  req_auth_basic(form_id, api_key) |>
  req_perform(path = "submissions.csv")
submissions <- read.csv("submissions.csv", fileEncoding = "UTF-8", check.names = FALSE)`
}

export function rSubmit(place: Place): string {
  return `${head(place)}

response <- request("${submitUrl(place)}") |>
  req_auth_basic(form_id, api_key) |>
  req_body_json(${rValue(submission(place), '  ')}) |>
  req_perform()
print(resp_body_json(response)$confirmationId)`
}

/** What `req_body_json` turns into the same JSON again: lists with names for objects, lists without for arrays. */
export function rValue(value: unknown, indent = ''): string {
  const inner = `${indent}  `
  if (Array.isArray(value)) return `list(${value.map((each) => rValue(each, indent)).join(', ')})`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, each]) => `${inner}${rName(name)} = ${rValue(each, inner)}`)
    // An empty list would become an array.
    return members.length > 0 ? `list(\n${members.join(',\n')}\n${indent})` : 'setNames(list(), character(0))'
  }
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  return value === null ? 'NULL' : JSON.stringify(value)
}

const reserved = /^(if|else|repeat|while|function|for|next|break|TRUE|FALSE|NULL|Inf|NaN|NA|in)$/

function rName(name: string): string {
  return /^[A-Za-z][\w.]*$/.test(name) && !reserved.test(name) ? name : `\`${name.replaceAll('`', '\\`')}\``
}
