import { shellQuote } from './shell-quote.ts'
import { formUrl, listQuery, type Place, submission, submitUrl } from './snippet-place.ts'
import { mExport, mList } from './snippets-power-query.ts'
import { rExport, rList, rSubmit } from './snippets-r.ts'

export type { Place } from './snippet-place.ts'
export const languages = ['curl', 'javascript', 'python', 'r', 'powerBi'] as const
export type Language = (typeof languages)[number]
export const calls = ['list', 'export', 'submit'] as const
export type Call = (typeof calls)[number]

/** A whole program that can be run as it stands, or undefined where the language has none for this call. */
export function snippet(language: Language, call: Call, place: Place): string | undefined {
  if (call === 'submit' && !place.versionId) return undefined
  return writers[language][call]?.(place)
}

type Writer = (place: Place) => string
const writers: Record<Language, Partial<Record<Call, Writer>>> = {
  curl: { list: curlList, export: curlExport, submit: curlSubmit },
  javascript: { list: jsList, export: jsExport, submit: jsSubmit },
  python: { list: pythonList, export: pythonExport, submit: pythonSubmit },
  r: { list: rList, export: rExport, submit: rSubmit },
  // Power Query sends no credentials with a POST.
  powerBi: { list: mList, export: mExport },
}

const listUrl = (place: Place) => `${formUrl(place)}/submissions?${listQuery}`
const exportUrl = (place: Place) => `${formUrl(place)}/export?format=csv`
const json = (value: unknown) => JSON.stringify(value, null, 2)

const curlUser = ({ formId, secret }: Place) =>
  secret ? `--user ${shellQuote(`${formId}:${secret}`)}` : `--user "${formId}:$API_KEY"`

function curlList(place: Place): string {
  return `curl --fail-with-body ${curlUser(place)} \\
  ${shellQuote(listUrl(place))}`
}

function curlExport(place: Place): string {
  return `curl --fail-with-body ${curlUser(place)} \\
  --output submissions.csv \\
  ${shellQuote(exportUrl(place))}`
}

function curlSubmit(place: Place): string {
  return `curl --fail-with-body ${curlUser(place)} \\
  --header 'Content-Type: application/json' \\
  --data ${shellQuote(json(submission(place)))} \\
  ${shellQuote(submitUrl(place))}`
}

const jsHead = ({ formId, secret }: Place) => `const formId = '${formId}'
const apiKey = ${secret ? `'${secret}'` : 'process.env.API_KEY'}
const authorization = \`Basic \${btoa(\`\${formId}:\${apiKey}\`)}\``
const jsCheck = `if (!response.ok) throw new Error(\`\${response.status} \${await response.text()}\`)`

function jsList(place: Place): string {
  return `${jsHead(place)}

const response = await fetch(
  '${listUrl(place)}',
  { headers: { authorization } },
)
${jsCheck}
const { results, total } = await response.json()
console.log(total, results)`
}

function jsExport(place: Place): string {
  return `import { writeFile } from 'node:fs/promises'

${jsHead(place)}

const response = await fetch(
  '${exportUrl(place)}',
  { headers: { authorization } },
)
${jsCheck}
await writeFile('submissions.csv', response.body)`
}

function jsSubmit(place: Place): string {
  return `${jsHead(place)}

const response = await fetch(
  '${submitUrl(place)}',
  {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(${json(submission(place)).replaceAll('\n', '\n    ')}),
  },
)
${jsCheck}
const { confirmationId } = await response.json()
console.log(confirmationId)`
}

const pythonHead = ({ formId, secret }: Place) => `form_id = "${formId}"
api_key = ${secret ? `"${secret}"` : 'os.environ["API_KEY"]'}
credentials = base64.b64encode(f"{form_id}:{api_key}".encode()).decode()`
const pythonImports = ({ secret }: Place, names: string[]) =>
  [...names, ...(secret ? [] : ['os'])]
    .sort()
    .map((name) => `import ${name}`)
    .join('\n')

function pythonList(place: Place): string {
  return `${pythonImports(place, ['base64', 'json', 'urllib.request'])}

${pythonHead(place)}

request = urllib.request.Request(
    "${listUrl(place)}",
    headers={"Authorization": f"Basic {credentials}"},
)
with urllib.request.urlopen(request) as response:
    page = json.load(response)
for submission in page["results"]:
    print(submission["createdAt"], submission["confirmationId"])`
}

function pythonExport(place: Place): string {
  return `${pythonImports(place, ['base64', 'shutil', 'urllib.request'])}

${pythonHead(place)}

request = urllib.request.Request(
    "${exportUrl(place)}",
    headers={"Authorization": f"Basic {credentials}"},
)
with urllib.request.urlopen(request) as response, open("submissions.csv", "wb") as file:
    shutil.copyfileobj(response, file)`
}

function pythonSubmit(place: Place): string {
  return `${pythonImports(place, ['base64', 'json', 'urllib.request'])}

${pythonHead(place)}

submission = ${pythonValue(submission(place))}
request = urllib.request.Request(
    "${submitUrl(place)}",
    data=json.dumps(submission).encode(),
    headers={"Authorization": f"Basic {credentials}", "Content-Type": "application/json"},
)
with urllib.request.urlopen(request) as response:
    print(json.load(response)["confirmationId"])`
}

/** JSON is Python but for three words. */
function pythonValue(value: unknown, indent = ''): string {
  const inner = `${indent}    `
  if (Array.isArray(value)) return `[${value.map((each) => pythonValue(each, indent)).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([name, each]) => `${inner}${JSON.stringify(name)}: ${pythonValue(each, inner)},\n`,
    )
    return members.length > 0 ? `{\n${members.join('')}${indent}}` : '{}'
  }
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return value === null ? 'None' : JSON.stringify(value)
}
