/** The people whom the owner of this phone was asked to help, and the way to say "I know": with or without a signal. */

import { computed } from 'vue'

import { assignmentsOf, type Assignment } from '../rules/assignments.ts'
import type { Task } from '../rules/today.ts'
import { sync } from './syncing.ts'
import { account } from '../local/account.ts'
import { people } from '../local/cases.ts'
import { today } from '../local/contact.ts'
import { enqueue, requestOf, waiting } from '../local/queue.ts'

const ASKS = 'acknowledge_assignment'
const KNOWS = 'assignment_acknowledged'

export const assignments = computed(() => assignmentsOf(people.values(), account.value?.handle ?? ''))
/** Those that nobody has said "I know" to, here neither. */
export const unaware = computed(() => assignments.value.filter((one) => one.acknowledged_on === null && !isSaid(one)))

/** The assignment of which a task asks its owner to say "I know"; null for any other task, and for another's. */
export function assignmentIn({ person, owed }: Task): Assignment | null {
  if (owed.kind !== ASKS) return null
  return unaware.value.find((one) => one.person.id === person.id && one.role === owed.owner) ?? null
}

/** Whether "I know" was said on this phone and waits to be sent. */
export function isSaid({ person, role }: Assignment): boolean {
  return waiting.value.some(
    ({ case_id, request }) => case_id === person.id && request.events.some((one) => one.event === KNOWS && one.data?.role === role),
  )
}

/** Say "I know" for these, and send it where there is a signal. Saying it twice is harmless. */
export async function acknowledge(chosen: readonly Assignment[]): Promise<void> {
  const fresh = chosen.filter((one) => one.acknowledged_on === null && !isSaid(one))
  const requests = fresh.map(({ person, role }) =>
    requestOf(person.id, person.person.name, [{ event: KNOWS, happened_on: today(), data: { role } }]),
  )
  await enqueue(requests)
  void sync()
}
