/** The people who are meant by what somebody types; how names are read is fetched once, when they begin. */

import { computed, shallowRef, type Ref } from 'vue'

import type { Carried } from '../rules/carried.ts'
import { codeOf } from '../rules/codes.ts'
import { entryOf, isCodeEnd, isMeant, type Entry, type Read } from '../rules/search.ts'
import { people } from './cases.ts'

const UNREAD: Read = () => []

const read = shallowRef<Read>(UNREAD)
const codes = shallowRef<ReadonlyMap<string, string>>(new Map())

/** `fetching`: pinyin is on its way; `absent`: it could not be fetched, and is tried again. */
export const pinyin = shallowRef<'unasked' | 'fetching' | 'here' | 'absent'>('unasked')

/** Make ready: codes are reckoned, and pinyin is fetched; without it, characters and codes are found all the same. */
export async function prepareSearch(): Promise<void> {
  if (read.value === UNREAD) void fetchPinyin()
  const known = await Promise.all([...people.keys()].map(async (id) => [id, await codeOf(id)] as const))
  codes.value = new Map(known)
}

async function fetchPinyin(): Promise<void> {
  pinyin.value = 'fetching'
  const fetched = await import('./readings.ts').catch(() => null)
  if (fetched) read.value = fetched.readings
  pinyin.value = fetched ? 'here' : 'absent'
}

/** The search over everybody on the phone, by what is typed. */
export function searching(typed: Ref<string>) {
  const entries = computed(() => {
    const of = (one: Carried) => entryOf(one, codes.value.get(one.id) ?? '', read.value)
    return new Map<string, Entry>([...people.values()].map((one) => [one.id, of(one)]))
  })
  const meant = computed(() => [...people.values()].filter((one) => typed.value.trim() === '' || isMeant(entries.value.get(one.id)!, typed.value)))
  /** The code of somebody, where they were found by it. */
  function codeFound(id: string): string {
    const entry = typed.value && entries.value.get(id)
    return entry && isCodeEnd(entry, typed.value) ? (codes.value.get(id) ?? '') : ''
  }
  return { meant, codeFound }
}
