import { describe, expect, it } from 'vitest'
import { readBasic } from './basic.ts'

const formId = '8f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d'
const encoded = (text: string) => Buffer.from(text).toString('base64')
const token = encoded(`${formId}:secret`)

describe('readBasic', () => {
  it.each([
    ['Basic', `Basic ${token}`],
    ['basic in small letters', `basic ${token}`],
    ['BASIC in capitals', `BASIC ${token}`],
    ['several spaces', `Basic   ${token}  `],
    ['a token without its padding', `Basic ${token.replace(/=+$/, '')}`],
    ['a form id in capitals', `Basic ${encoded(`${formId.toUpperCase()}:secret`)}`],
  ])('reads %s', (_, header) => {
    expect(readBasic(header)).toEqual({ kind: 'credentials', credentials: { formId, secret: 'secret' } })
  })

  it.each([
    ['colons', 'a:b::c'],
    ['letters beyond ASCII', 'Schlüssel ᓄᓇᕗᑦ 😀'],
    ['nothing', ''],
  ])('reads a password of %s', (_, secret) => {
    const reading = readBasic(`Basic ${encoded(`${formId}:${secret}`)}`)
    expect(reading).toEqual({ kind: 'credentials', credentials: { formId, secret } })
  })

  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['Bearer', `Bearer ${token}`],
    ['a scheme that merely begins alike', `Basically ${token}`],
  ])('takes %s for none of its own', (_, header) => {
    expect(readBasic(header)).toEqual({ kind: 'none' })
  })

  it.each([
    ['the scheme alone', 'Basic'],
    ['a scheme and a space', 'Basic '],
    ['two tokens', `Basic ${token} ${token}`],
    ['characters outside base64', `Basic ${token}!`],
    ['padding in the middle', `Basic ${token.slice(0, 4)}=${token.slice(4)}`],
    ['no colon', `Basic ${encoded(formId)}`],
    ['a user name that is no UUID', `Basic ${encoded('admin:secret')}`],
    ['an empty user name', `Basic ${encoded(':secret')}`],
    ['bytes that are no UTF-8', `Basic ${Buffer.from([...Buffer.from(`${formId}:`), 0xff]).toString('base64')}`],
  ])('finds %s malformed', (_, header) => {
    expect(readBasic(header)).toEqual({ kind: 'malformed' })
  })
})
