import { expect, it } from 'vitest'
import { pathOf, type QrCode, qrCodeOf, svgOf, widthOf } from './qr-code.ts'

const drawing = (rows: string[]): QrCode => ({ size: rows.length, isDark: (x, y) => rows[y]?.[x] === '#' })

it('draws each run of dark squares once, inside the quiet zone', () => {
  expect(pathOf(drawing(['##.', '..#', '...']))).toBe('M4 4h2v1h-2zM6 5h1v1h-1z')
  expect(widthOf(drawing(['...', '...', '...']))).toBe(11)
})

it('has the finder patterns of a QR code in three corners', () => {
  const code = qrCodeOf('https://forms.example.org/app/form/submit?f=8f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d')
  const row = (y: number, from: number) =>
    Array.from({ length: 7 }, (_, x) => (code.isDark(from + x, y) ? '#' : '.')).join('')
  const last = code.size - 7
  expect([row(0, 0), row(1, 0), row(0, last), row(last, 0)]).toEqual(['#######', '#.....#', '#######', '#######'])
})

it('writes a picture that stands alone', () => {
  expect(svgOf(qrCodeOf('x'))).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 29 29".*<\/svg>\n$/)
})
