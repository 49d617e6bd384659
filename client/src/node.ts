/** What needs a file system: the rest of the client runs in browsers too. */
export { type Downloaded, type DownloadOptions, downloadExport } from './download.ts'
