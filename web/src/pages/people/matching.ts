import { contains } from '../../i18n/contains.ts'

/** Those with the text in their name or e-mail address. */
export function matching<Person extends { fullName: string; email: string }>(people: Person[], text: string): Person[] {
  return people.filter(({ fullName, email }) => contains(`${fullName} ${email}`, text))
}
