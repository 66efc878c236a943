/** Days as the screen's language says them: 11月27日, 27 November; with the year where it is another one; and a word where there is no day. */

import { isDay } from '../rules/fields.ts'
import { today } from '../local/contact.ts'
import type { Day } from '../rules/days.ts'
import { i18n } from './i18n.ts'

/** A day; a word where none was given yet, as in a draft. */
export function dayIn(day: Day): string {
  if (!isDay(day)) return i18n.global.t('shell.noDay')
  const year = day.slice(0, 4) === today().slice(0, 4) ? {} : ({ year: 'numeric' } as const)
  return said(day, { month: 'long', day: 'numeric', ...year })
}

/** A day in a row: 11/27, 27 Nov. */
export function shortIn(day: Day): string {
  if (!isDay(day)) return i18n.global.t('shell.noDay')
  return i18n.global.locale.value === 'zh' ? `${Number(day.slice(5, 7))}/${Number(day.slice(8))}` : said(day, { month: 'short', day: 'numeric' })
}

/** A day with the day of the week. */
export function weekdayIn(day: Day): string {
  if (!isDay(day)) return i18n.global.t('shell.noDay')
  return `${dayIn(day)}${i18n.global.locale.value === 'zh' ? ' ' : ', '}${said(day, { weekday: 'long' })}`
}

function said(day: Day, how: Intl.DateTimeFormatOptions): string {
  const locale = i18n.global.locale.value === 'zh' ? 'zh-CN' : 'en-GB'
  return new Intl.DateTimeFormat(locale, { ...how, timeZone: 'UTC' }).format(new Date(day))
}
