/** What was written down just now, and where it is: told on whichever screen its writer goes to next. */

import { computed, shallowRef } from 'vue'

import { queue } from './queue.ts'

const LONGEST_MS = 8_000

const ids = shallowRef<string[]>([])
let timer: ReturnType<typeof setTimeout> | undefined

export type Whereabouts = 'waiting' | 'sent' | 'refused' | 'kept'

/** How many there are, and where the one stands that most asks for a look; null where nothing is to be told. */
export const recorded = computed<{ count: number; where: Whereabouts } | null>(() => {
  if (ids.value.length === 0) return null
  const standings = new Set(queue.value.filter((one) => ids.value.includes(one.id)).map((one) => one.standing))
  const where = (['refused', 'kept', 'waiting'] as const).find((each) => standings.has(each)) ?? 'sent'
  return { count: ids.value.length, where }
})

/** Tell of these requests for a while. */
export function tellOf(requests: readonly string[]): void {
  clearTimeout(timer)
  ids.value = [...requests]
  timer = setTimeout(tellNoMore, LONGEST_MS)
}

export function tellNoMore(): void {
  clearTimeout(timer)
  ids.value = []
}
