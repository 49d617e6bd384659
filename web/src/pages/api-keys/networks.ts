/** Whether a text is an IP address or a network in CIDR notation, as the API takes them (RFC 4632, RFC 4291 §2.3). */
export function isNetwork(text: string): boolean {
  const [, address = '', prefix] = /^([0-9a-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const bits = isIpv4(address) ? 32 : isIpv6(address) ? 128 : -1
  return bits > 0 && Number(prefix ?? 0) <= bits
}

function isIpv4(address: string): boolean {
  const parts = address.split('.')
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
}

/** An address of the web holds just these in brackets, so the parser that every browser has knows them. */
function isIpv6(address: string): boolean {
  return address.includes(':') && URL.canParse(`http://[${address}]/`)
}

/** The lines of a field that are not empty, each without what stands around it. */
export function linesIn(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
