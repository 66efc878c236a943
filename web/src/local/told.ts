/** What its owner was told and has read on this phone; sealed like all else, and kept no longer than the notice itself. */

import { computed, shallowRef } from 'vue'

import type { Told } from '../api/types-of.ts'
import { notices } from './cases.ts'
import { keepState, stateOf, type Sealed } from './database.ts'
import { openedOr } from './opening.ts'
import { seal, unseal } from './vault.ts'

const read = shallowRef<ReadonlySet<string>>(new Set())

export const unread = computed(() => notices.value.filter((one) => !read.value.has(keyOf(one))))

/** The name of a notice: nobody is told the same twice on a day. */
export function keyOf(one: Told): string {
  return [one.case_id, one.kind, one.occurrence, one.on, one.to].join(' ')
}

/** How often they were forgotten: a look that began before shows nothing. */
let forgotten = 0

export async function loadRead(): Promise<void> {
  const before = forgotten
  const sealed = await stateOf<Sealed>('read')
  const opened = sealed && (await openedOr(() => unseal<string[]>('read', sealed)))
  if (before === forgotten) read.value = new Set(opened)
}

/** All that is on the screen was seen. */
export async function markRead(): Promise<void> {
  if (unread.value.length === 0) return
  const known = notices.value.map(keyOf)
  read.value = new Set(known)
  await keepState('read', await seal('read', known))
}

/** Out of memory: the phone is locked. */
export function forgetRead(): void {
  forgotten += 1
  read.value = new Set()
}
