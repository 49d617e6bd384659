import type { CustomLocale } from 'flatpickr/dist/types/locale'
import type { Hook } from 'flatpickr/dist/types/options'

/** Sunday to Saturday, and January to December, of any year in which they begin so. */
const days = Array.from({ length: 7 }, (_, day) => new Date(2023, 0, 1 + day))
const months = Array.from({ length: 12 }, (_, month) => new Date(2023, month, 1))

/**
 * The calendar's words in a language. The browser knows the names of days and months, so that a new language of ours needs
 * no file of the calendar's own.
 * @param language BCP 47, such as `fr-CA`
 * @param texts form.io's words in it
 */
export function calendarWords(language: string, texts: Record<string, string>): CustomLocale {
  const names = (dates: Date[], options: Intl.DateTimeFormatOptions) =>
    dates.map((date) => new Intl.DateTimeFormat(language, options).format(date))
  // flatpickr counts on seven and twelve of them.
  const weekdays = (weekday: 'short' | 'long') => names(days, { weekday }) as CustomLocale['weekdays']['longhand']
  const monthNames = (month: 'short' | 'long') => names(months, { month }) as CustomLocale['months']['longhand']
  const text = (name: string, label: string) => (texts[name] === undefined ? {} : { [label]: texts[name] })
  return {
    weekdays: { shorthand: weekdays('short'), longhand: weekdays('long') },
    months: { shorthand: monthNames('short'), longhand: monthNames('long') },
    firstDayOfWeek: 1,
    ordinal: () => '',
    ...text('month', 'monthAriaLabel'),
    ...text('year', 'yearAriaLabel'),
    ...text('hour', 'hourAriaLabel'),
    ...text('minute', 'minuteAriaLabel'),
    ...text('scrollToChange', 'scrollTitle'),
    ...text('clickToChange', 'toggleTitle'),
  }
}

/** form.io has flatpickr write all dates in English; what a screen reader says of a day is ours to write. */
export function nameDays(language: string): Hook {
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'full' })
  return (_dates, _text, _calendar, day) => day?.setAttribute('aria-label', date.format(day.dateObj))
}
