/** Clients take header fields of some kilobytes in all, and few file systems longer names. */
const stemMax = 100

/**
 * The Content-Disposition of a file to be saved (RFC 6266). Header fields hold ASCII only, so any other name goes in
 * `filename*` as well (RFC 8187), and readers that do not know it get the plain one.
 */
export function attachment(name: string): string {
  const fileName = shortened(name)
  const plain = fileName.replace(/[^\x20-\x7e]+/g, '-').replace(/["\\]/g, '_')
  if (plain === fileName) return `attachment; filename="${fileName}"`
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}

function shortened(fileName: string): string {
  const dot = fileName.lastIndexOf('.')
  const [stem, ending] = dot < 0 ? [fileName, ''] : [fileName.slice(0, dot), fileName.slice(dot)]
  // By characters: half of one would be no text any more.
  return [...stem].slice(0, stemMax).join('') + ending
}
