/** What is recorded on this phone and waits to be sent: which obligations will be settled by it once the server has it. */

import { computed } from 'vue'

import type { Carried } from '../rules/carried.ts'
import { settledBy, type Written } from '../rules/closing.ts'
import { closingsOf } from './cases.ts'
import { waiting } from './queue.ts'

const written = computed(() => {
  const found = new Map<string, Written[]>()
  for (const { case_id, request } of waiting.value) found.set(case_id, [...(found.get(case_id) ?? []), ...request.events])
  return found
})

const NONE: ReadonlySet<string> = new Set()

/** The obligations of a person, by `keyOf`, that what waits here settles. */
export function settledHere(person: Carried): ReadonlySet<string> {
  const acts = written.value.get(person.id)
  return acts ? settledBy(person, acts, (kind) => closingsOf(person, kind)) : NONE
}
