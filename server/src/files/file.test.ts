import { describe, expect, it } from 'vitest'
import { cleanFileName, cleanMimeType, extensionOf, fileIdsIn } from './file.ts'

describe('cleanFileName', () => {
  it.each([
    ['a.txt', 'a.txt'],
    ['/etc/passwd', 'passwd'],
    ['C:\\temp\\a.txt', 'a.txt'],
    ['..\\..\\a.txt', 'a.txt'],
    ['.profile', '.profile'],
    ['a\0b\r\n.txt', 'ab.txt'],
    ['cod\u202egpj.exe', 'codgpj.exe'],
    ['x.e\u00adx\u200be', 'x.exe'],
    ['می\u200cخواهم.pdf', 'می\u200cخواهم.pdf'],
    ['half \ud83d pair', 'half \ufffd pair'],
    [`${'x'.repeat(400)}.tar.gz`, `${'x'.repeat(252)}.gz`],
    ['x'.repeat(400), 'x'.repeat(255)],
    [`${'x'.repeat(250)}😀.pdf`, `${'x'.repeat(250)}.pdf`],
  ])('makes of %j %j', (sent, name) => {
    expect(cleanFileName(sent)).toBe(name)
  })

  it.each(['', ' ', '.', '..', '...', 'a/', '/', '\\', '\u0000', '\u202e', '\u200b', '\u200d.', 'a/..'])(
    'finds no name in %j',
    (sent) => {
      expect(cleanFileName(sent)).toBeUndefined()
    },
  )

  it('takes no longer for a name that is long', () => {
    const start = performance.now()
    for (const letter of ['.', ' ', '/', 'a', '\u0001']) cleanFileName(letter.repeat(100_000))
    expect(performance.now() - start).toBeLessThan(1000)
  })
})

describe('extensionOf', () => {
  it.each([
    ['a.EXE', 'exe'],
    ['a.b.exe', 'exe'],
    ['a.exe.', 'exe'],
    ['a.exe. . ', 'exe'],
    ['a.exe::$DATA', 'exe'],
    ['a. exe', 'exe'],
    ['.exe', 'exe'],
    ['a.ｅｘｅ', 'exe'],
    ['a.ex\u200de', 'exe'],
    ['a', ''],
    ['exe', ''],
    ['', ''],
  ])('of %j is %j', (name, extension) => {
    expect(extensionOf(name)).toBe(extension)
  })
})

describe('cleanMimeType', () => {
  it.each([
    ['image/png', 'image/png'],
    ['Application/VND.ms-excel', 'application/vnd.ms-excel'],
    ['image/svg+xml', 'image/svg+xml'],
    ['text/html\r\nX-Evil: 1', 'application/octet-stream'],
    ['text', 'application/octet-stream'],
    ['', 'application/octet-stream'],
    ['text/plain; charset=utf-8', 'application/octet-stream'],
  ])('makes of %j %j', (sent, type) => {
    expect(cleanMimeType(sent)).toBe(type)
  })
})

describe('fileIdsIn', () => {
  const id = '8f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d'
  const other = '00000000-3f2b-4a55-9d0e-6a1f2b3c2b1d'

  it.each<[string, unknown, string[]]>([
    ['a file’s answer', { a: [{ url: `/app/api/v1/files/${id}`, data: { id } }] }, [id]],
    ['an address of a server', { a: `https://forms.example.org/app/api/v1/files/${id}` }, [id]],
    ['several', { a: [{ data: { id } }, { data: { id: other } }] }, [id, other]],
    ['one in capitals', { a: id.toUpperCase() }, [id]],
    ['none', { a: 'text', b: 1, c: null }, []],
    ['one within a text', { a: `see ${id} there` }, []],
    ['one with more behind it', { a: `${id}0` }, []],
  ])('finds %s', (_, answers, ids) => {
    expect(fileIdsIn(JSON.stringify({ data: answers }))).toEqual(ids)
  })

  it('reads a large submission at once', () => {
    const text = JSON.stringify({ data: { a: '"8f6c0e9a-3f2b-4a55-'.repeat(500_000), b: 'f'.repeat(5_000_000) } })
    const start = performance.now()
    expect(fileIdsIn(text)).toEqual([])
    expect(performance.now() - start).toBeLessThan(2000)
  })
})
