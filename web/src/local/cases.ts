/** The people that this phone carries, and what travels once for all of them, opened and in memory. */

import { computed, shallowReactive, shallowRef } from 'vue'

import type { Form, Label, Sections, Told } from '../api/types-of.ts'
import type { Carried } from '../rules/carried.ts'
import type { Rules } from '../rules/closing.ts'
import { account } from './account.ts'
import { database } from './database.ts'
import { openEach } from './opening.ts'
import { unseal } from './vault.ts'

export const people = shallowReactive(new Map<string, Carried>())
/** Beside what the server calls sections: whose work is theirs too today, as it stood on the last page. */
export const sections = shallowRef<Sections & { stands_in_for?: string[] }>({})
export const loaded = shallowRef(false)

/** One look after the other, so that what is shown is never older than what was shown before. */
let looks: Promise<void> = Promise.resolve()
/** How often it was forgotten: a look that began before shows nothing. */
let forgotten = 0

/** Open all that lies on the disk; what was in memory goes. */
export function loadCases(): Promise<void> {
  looks = looks.catch(() => undefined).then(look)
  return looks
}

async function look(): Promise<void> {
  const before = forgotten
  const [rows, parts] = await Promise.all([database.cases.toArray(), database.sections.toArray()])
  const found = await openEach(rows, (row) => unseal<Carried>(`case ${row.id}`, row.sealed))
  const named = await openEach(parts, async (row) => [row.id, await unseal(`section ${row.id}`, row.sealed)] as const)
  if (before !== forgotten) return
  people.clear()
  for (const one of found.opened) people.set(one.id, one)
  sections.value = Object.fromEntries(named.opened) as typeof sections.value
  loaded.value = true
  if (found.shut.length + named.shut.length > 0) await drop(found.shut, named.shut)
}

/** What does not open goes; the server has it, and brings all anew where the phone has no cursor. */
async function drop(cases: string[], parts: string[]): Promise<void> {
  await database.transaction('rw', database.cases, database.sections, database.state, async () => {
    await database.cases.bulkDelete(cases)
    await database.sections.bulkDelete(parts)
    await database.state.delete('cursor')
  })
}

/** Drop what is in memory: the phone is locked. */
export function forgetCases(): void {
  forgotten += 1
  people.clear()
  sections.value = {}
  loaded.value = false
}

export const forms = computed(() => new Map((sections.value.forms ?? []).map((form) => [form.event as string, form as Form])))
export const notices = computed(() => (sections.value.inbox ?? []) as Told[])

/** Those whose work is done from this phone: its owner's own, and that of whom they stand in for today. */
export const handles = computed(() => [account.value?.handle ?? '', ...(sections.value.stands_in_for ?? [])])

type Sort = 'stages' | 'roles' | 'kinds' | 'notices' | 'needs'

/** What a code is called, in both languages; null where the server named none. */
export function labelOf(sort: Sort, code: string): Label | null {
  return sections.value.words?.[sort]?.[code] ?? null
}

/** The rule of an obligation in the pack of a case: its label, basis and article. */
export function ruleOf(one: Carried, kind: string) {
  return sections.value.rules?.[one.policy]?.[kind] ?? null
}

/** What a colleague is called; null where their name did not come along: they are of another office. */
export function nameOf(handle: string): string | null {
  return sections.value.helpers?.[handle] ?? null
}

/** The rules of the pack of a case, by kind. */
export function rulesOf(one: Carried): Rules {
  return (sections.value.rules?.[one.policy] ?? {}) as Rules
}
