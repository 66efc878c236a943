/** What somebody wrote in a field, in words. */

import { labelOf, nameOf, ruleOf } from '../local/cases.ts'
import { offices } from '../local/offices.ts'
import type { Carried } from '../rules/carried.ts'
import { civilDay, timeOfDay } from '../rules/days.ts'
import type { Value } from '../rules/timeline.ts'
import { dayIn } from './dates.ts'
import { i18n, said } from './words.ts'

/** A value; a kind of obligation is called as the pack of that person calls it. */
export function valueIn(value: Value, person?: Carried, eventIn = (id: string) => id): string {
  if ('said' in value) return said(value.said)
  if ('yes' in value) return i18n.global.t(value.yes ? 'person.yes' : 'person.no')
  if ('day' in value) return dayIn(value.day)
  if ('at' in value) return instantIn(value.at)
  if ('helper' in value) return nameOf(value.helper)
  if ('kind' in value) return said((person && ruleOf(person, value.kind)?.label) ?? labelOf('kinds', value.kind), value.kind)
  if ('test' in value) return testIn(value.test, person)
  if ('need' in value) return said(labelOf('needs', value.need), value.need)
  if ('office' in value) return offices.value.find((one) => one.id === value.office)?.name ?? i18n.global.t('record.office')
  if ('photo' in value) return i18n.global.t('record.photo.title')
  return 'event' in value ? eventIn(value.event) : value.text
}

/** A test, by the day on which it was taken. */
function testIn(id: string, person: Carried | undefined): string {
  const taken = person?.events.find((one) => one.event === 'test_taken' && one.fields?.test_id === id)
  return taken ? i18n.global.t('record.testOf', { day: dayIn(taken.on) }) : i18n.global.t('record.aTest')
}

/** An instant, as the clock at the office shows it. */
export function instantIn(instant: number): string {
  return `${dayIn(civilDay(instant))} ${timeOfDay(instant)}`
}
