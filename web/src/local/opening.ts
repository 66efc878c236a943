/** What of the phone does not open: a damaged row stands by itself, and takes nothing else away. */

import { computed, shallowReactive } from 'vue'

import { Locked } from './vault.ts'

/** Ids of what somebody wrote here and cannot be opened; it stays on the disk as it is. */
export const shut = shallowReactive({ queue: [] as string[], drafts: [] as string[], photos: [] as string[] })
export const shutCount = computed(() => shut.queue.length + shut.drafts.length + shut.photos.length)

/** Open each by itself: what opened, in its order, and the ids of what did not. Throws Locked. */
export async function openEach<Row extends { id: string }, T>(rows: readonly Row[], open: (row: Row) => Promise<T>) {
  const tried = await Promise.all(rows.map(async (row) => ({ row, found: await opened(() => open(row)) })))
  return {
    opened: tried.flatMap(({ found }) => (found ? [found.value] : [])),
    shut: tried.flatMap(({ row, found }) => (found ? [] : [row.id])),
  }
}

/** What was sealed, or null where it does not open. Throws Locked. */
export async function openedOr<T>(open: () => Promise<T>): Promise<T | null> {
  return (await opened(open))?.value ?? null
}

async function opened<T>(open: () => Promise<T>): Promise<{ value: T } | null> {
  try {
    return { value: await open() }
  } catch (error) {
    if (error instanceof Locked) throw error // nothing is wrong with it: nobody may look
    return null
  }
}
