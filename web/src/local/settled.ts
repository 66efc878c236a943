/** What is recorded on this phone and waits to be sent: which obligations will be settled by it once the server has it. */

import { computed } from 'vue'

import type { Carried } from '../rules/carried.ts'
import type { Act } from '../rules/closing.ts'
import { keyOf, settledBy } from '../rules/settled.ts'
import type { Task } from '../rules/today.ts'
import { rulesOf } from './cases.ts'
import { waiting } from './queue.ts'

const written = computed(() => {
  const found = new Map<string, Act[]>()
  for (const { case_id, request } of waiting.value) {
    const acts = request.events.map(({ event, happened_on, data }) => ({ event, on: happened_on, data: data ?? {} }))
    found.set(case_id, [...(found.get(case_id) ?? []), ...acts])
  }
  return found
})

const NONE: ReadonlySet<string> = new Set()

/** The obligations of a person, by `keyOf`, that what waits here settles. */
export function settledHere(person: Carried): ReadonlySet<string> {
  const acts = written.value.get(person.id)
  return acts ? settledBy(person, rulesOf(person), acts) : NONE
}

/** Whether a task is done, as far as this phone knows, and what does it waits to be sent. */
export function waits({ person, owed }: Task): boolean {
  return settledHere(person).has(keyOf(owed))
}
