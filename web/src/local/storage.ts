/** Whether the phone keeps what lies on it, or clears it away where it runs out of room; and whether it has room at all. */

import { shallowRef } from 'vue'

import { keepState, stateOf } from './database.ts'

/** `unknown`: this browser does not say. */
export type Keeping = 'unknown' | 'kept' | 'not promised'

export const keeping = shallowRef<Keeping>('unknown')
/** Whether what was last to be kept found no room. */
export const full = shallowRef(false)

/** Keep something. Where there is no room for it nothing of it is kept, and `full` says so. */
export async function ifRoom(write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
    full.value = false
  } catch (error) {
    if (!isOfRoom(error)) throw error
    full.value = true
  }
}

/** Whether something failed because the phone is full: said by the browser, or within what a transaction says. */
export function isOfRoom(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { name, inner, failures } = error as { name?: unknown; inner?: unknown; failures?: unknown }
  return name === 'QuotaExceededError' || isOfRoom(inner) || (Array.isArray(failures) && failures.some(isOfRoom))
}

/** Ask the phone once to keep it; from then on only look how it stands. */
export async function askToKeep(): Promise<void> {
  if (!navigator.storage?.persist) return
  const asked = await stateOf<boolean>('asked to keep')
  if (!asked) await keepState('asked to keep', true)
  const kept = (await navigator.storage.persisted()) || (!asked && (await navigator.storage.persist()))
  keeping.value = kept ? 'kept' : 'not promised'
}

/** How much lies on the phone, in bytes; null where this browser does not say. */
export async function bytesHere(): Promise<number | null> {
  return (await navigator.storage?.estimate?.())?.usage ?? null
}
