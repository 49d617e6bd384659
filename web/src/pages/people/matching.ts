/** Those with the text in their name or e-mail address, however it is written: capitals and accents do not count. */
export function matching<Person extends { fullName: string; email: string }>(people: Person[], text: string): Person[] {
  const wanted = plain(text)
  return people.filter(({ fullName, email }) => plain(fullName).includes(wanted) || plain(email).includes(wanted))
}

function plain(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}
