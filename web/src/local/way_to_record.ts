/** Where a thing that is owed is recorded: its own form, or the choice where several would do, or none that is known. */

import type { RouteLocationRaw } from 'vue-router'

import { waysNow } from '../rules/closing.ts'
import type { Task } from '../rules/today.ts'
import { rulesOf } from './cases.ts'

/** The form itself finds what it holds from the start, by kind and occurrence: nothing about anybody stands in an address. */
export function formFor({ person, owed }: Task): RouteLocationRaw {
  const events = [...new Set(waysNow(person, rulesOf(person), owed.kind).map((way) => way.event))]
  const query = { kind: owed.kind, occurrence: owed.occurrence }
  if (events.length === 1) return { name: 'record', params: { id: person.id, event: events[0] }, query }
  return { name: 'choose', params: { id: person.id }, query }
}
