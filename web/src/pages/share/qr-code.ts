import QRCode from 'qrcode'

/** Light squares around the code, which readers need to find it; four, by ISO/IEC 18004. */
const quietZone = 4

export type QrCode = { size: number; isDark(x: number, y: number): boolean }

/** Level M still reads when 15 % of a print are damaged. */
export function qrCodeOf(text: string): QrCode {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' })
  return { size: modules.size, isDark: (x, y) => modules.get(y, x) === 1 }
}

/** Width and height of the drawing, in squares. */
export const widthOf = (code: QrCode) => code.size + 2 * quietZone

/** All dark squares as one path, each row in as few strokes as it has runs. */
export function pathOf(code: QrCode): string {
  let path = ''
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) {
      if (!code.isDark(x, y)) continue
      const start = x
      while (x + 1 < code.size && code.isDark(x + 1, y)) x += 1
      path += `M${start + quietZone} ${y + quietZone}h${x - start + 1}v1h-${x - start + 1}z`
    }
  }
  return path
}

/** A file for printers: sharp at any size. */
export function svgOf(code: QrCode): string {
  const width = widthOf(code)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${width}" width="512" height="512" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${width}v${width}H0z"/><path d="${pathOf(code)}"/></svg>\n`
}

/** A picture of about 1000 pixels, with whole pixels for each square. */
export function pngOf(code: QrCode): Promise<Blob | null> {
  const scale = Math.ceil(1000 / widthOf(code))
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = widthOf(code) * scale
  const context = canvas.getContext('2d')
  if (!context) return Promise.resolve(null)
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.scale(scale, scale)
  context.fillStyle = '#000'
  context.fill(new Path2D(pathOf(code)))
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
}
