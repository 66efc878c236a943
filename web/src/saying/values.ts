/** What somebody wrote in a field, in words. */

import type { Form } from '../api/types-of.ts'
import { forms, labelOf, nameOf, ruleOf } from '../local/cases.ts'
import { offices } from '../local/offices.ts'
import type { Carried } from '../rules/carried.ts'
import { civilDay, timeOfDay } from '../rules/days.ts'
import { factsOf, type Value } from '../rules/timeline.ts'
import { dayIn } from './dates.ts'
import { i18n, said } from './i18n.ts'

/** A value; a kind of obligation is called as the pack of that person calls it. */
export function valueIn(value: Value, person?: Carried, recordIn = (_id: string) => i18n.global.t('person.earlier')): string {
  if ('said' in value) return said(value.said)
  if ('yes' in value) return i18n.global.t(value.yes ? 'person.yes' : 'person.no')
  if ('day' in value) return dayIn(value.day)
  if ('at' in value) return instantIn(value.at)
  if ('helper' in value) return helperIn(value.helper)
  if ('kind' in value) return kindIn(person, value.kind)
  if ('test' in value) return testIn(value.test, person)
  if ('need' in value) return said(labelOf('needs', value.need), value.need)
  if ('office' in value) return offices.value.find((one) => one.id === value.office)?.name ?? i18n.global.t('record.office')
  if ('photo' in value) return i18n.global.t('record.photo.title')
  return 'event' in value ? recordIn(value.event) : value.text
}

/** What an obligation is called: as the pack of that person calls it, else as all do. */
export function kindIn(person: Carried | null | undefined, kind: string): string {
  return said((person && ruleOf(person, kind)?.label) ?? labelOf('kinds', kind), kind)
}

/** What a sort of record is called; what the calendar brings about has no form, and its word here. */
export function eventIn(event: string): string {
  const { t, te } = i18n.global
  return said(forms.value.get(event)?.label, te(`person.${event}`) ? t(`person.${event}`) : event)
}

/** What a colleague is called; a handle says nothing to anybody. Nothing for nobody. */
export function helperIn(handle: string | null | undefined): string {
  return handle ? (nameOf(handle) ?? i18n.global.t('person.outsider')) : ''
}

/** All that was filled in, in one line. */
export function factsIn(data: Readonly<Record<string, unknown>>, form: Form | undefined, person?: Carried): string {
  const { t } = i18n.global
  const facts = factsOf(data, form).map((fact) => `${said(fact.label)}: ${fact.values.map((value) => valueIn(value, person)).join(t('record.and'))}`)
  return facts.join(' · ')
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
