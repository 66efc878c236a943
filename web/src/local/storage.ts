/** Whether the phone keeps what lies on it, or clears it away where it runs out of room. */

import { shallowRef } from 'vue'

import { keepState, stateOf } from './database.ts'

/** `unknown`: this browser does not say. */
export type Keeping = 'unknown' | 'kept' | 'not promised'

export const keeping = shallowRef<Keeping>('unknown')

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
