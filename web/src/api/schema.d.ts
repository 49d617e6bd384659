// The types of the API, made from openapi.json by `npm run openapi`: the page and the client for programs share them.
export type * from '../../../client/src/schema.ts'
