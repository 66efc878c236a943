/** How somebody likes to see a list: remembered on the phone, in the clear, and nothing about anybody. */

import { shallowRef, watch, type ShallowRef } from 'vue'

import { keepState, stateOf } from './database.ts'

/** A choice that stays until another is made; until it is read, and on a new phone, it is the first. */
export function habit<T extends string>(name: string, first: T, known: readonly T[]): ShallowRef<T> {
  const chosen = shallowRef(first) as ShallowRef<T>
  void stateOf<T>(`habit ${name}`).then((kept) => {
    if (kept && known.includes(kept)) chosen.value = kept
    watch(chosen, (now) => void keepState(`habit ${name}`, now))
  })
  return chosen
}
