/** From a draft to the event that it becomes, and back from an event that came back. Pure. */

import type { Draft } from '../local/drafts.ts'
import type { NewEvent } from '../local/queue.ts'
import type { Carried } from '../rules/carried.ts'
import { meantFor, type Rules } from '../rules/closing.ts'
import { timeOfDay, type Day } from '../rules/days.ts'
import { folded } from './asking.ts'
import { faultsOf, instantOf, isDay, type Data, type Fault, type Field, type Value } from '../rules/fields.ts'

/** From where a form was opened. */
export interface From {
  kind?: string
  occurrence?: string
  draft?: string
  refused?: string
}

/** Only an appointment is written down before its day. */
export const LIES_AHEAD = new Set(['test_scheduled'])

/** What is known of an act from the task that was tapped. */
export function givenBy(person: Carried, rules: Rules, event: string, from: From): Data {
  const owed = person.obligations.find((one) => one.kind === from.kind && one.occurrence === from.occurrence)
  const way = (rules[from.kind ?? '']?.closed_by ?? []).find((each) => each.event === event)
  const meant = way && owed ? meantFor(way, owed) : {}
  return from.occurrence ? { ...meant, occurrence: from.occurrence } : meant
}

/** Where a form has a place for papers, the photos are named there by their ids. */
export function withPhotos(fields: readonly Field[], data: Data, photos: readonly string[]): Data {
  const place = fields.find((field) => field.of === 'paper' && field.sort === 'texts')
  if (!place || photos.length === 0) return data
  const written = data[place.name]
  return { ...data, [place.name]: [...(Array.isArray(written) ? written : []), ...photos] }
}

/** The same without a field. */
export function without(data: Data, name: string): Data {
  return Object.fromEntries(Object.entries(data).filter(([each]) => each !== name))
}

/** What is wrong with a draft, its day first. */
export function faultsIn(draft: Pick<Draft, 'event' | 'happened_on' | 'data'>, fields: readonly Field[], today: Day): Map<string, Fault> {
  const found = new Map<string, Fault>()
  if (!isDay(draft.happened_on)) found.set('happened_on', 'day')
  else if (draft.happened_on > today && !LIES_AHEAD.has(draft.event)) found.set('happened_on', 'ahead')
  for (const [name, fault] of faultsOf(fields, draft.data)) found.set(name, fault)
  return found
}

/** The event that a draft becomes. */
export function eventOf(draft: Pick<Draft, 'event' | 'happened_on' | 'time'>, data: Data): NewEvent {
  const at = draft.time ? { happened_at: instantOf(draft.happened_on, draft.time) } : {}
  return { event: draft.event, happened_on: draft.happened_on, ...at, data }
}

/** A draft that says what an event said that came back. */
export function fromEvent(sent: NewEvent | undefined, photos: string[]): Partial<Draft> {
  if (!sent) return {}
  const written = Object.entries((sent.data ?? {}) as Data).map(([name, value]) => [name, withoutPhotos(value, photos)] as const)
  const time = sent.happened_at ? timeOfDay(Date.parse(sent.happened_at)) : ''
  return { happened_on: sent.happened_on, time, photos, data: folded(sent.event, Object.fromEntries(written)) }
}

/** Photos stand below the form as pictures, not in it as ids. */
function withoutPhotos(value: Value, photos: readonly string[]): Value {
  return Array.isArray(value) ? value.filter((each) => !photos.includes(each)) : value
}
