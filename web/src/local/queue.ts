/**
 * What was recorded here and is not yet on the server, or came back from it; in words, and never lost.
 *
 * A request is written down sealed before anything else happens, with the ids that it keeps for good: sending it twice
 * is harmless. It leaves the queue only when the server has it, or when its writer lets it go.
 */

import { computed, shallowRef } from 'vue'
import { v7 as uuid7 } from 'uuid'

import type { Outcome, Problem, QueueAnswer, QueuedCreate } from '../api/types-of.ts'
import { forms, people } from './cases.ts'
import { database, type QueueRow } from './database.ts'
import { openEach, shut } from './opening.ts'
import { tell } from './tabs.ts'
import { seal, unseal } from './vault.ts'

export type Standing = 'waiting' | 'refused' | 'kept'

export interface Queued {
  /** Of the request; also of its row. */
  id: string
  case_id: string
  /** Whom it is about, as they were called when it was written: the person may have left the phone since. */
  name: string
  written_at: number
  request: QueuedCreate
  standing: Standing
  outcome?: Outcome
  problem?: Problem | null
  theirs?: QueueAnswer['theirs']
}

export type NewEvent = Omit<QueuedCreate['events'][number], 'id' | 'captured_at'>

export const queue = shallowRef<Queued[]>([])
export const waiting = computed(() => queue.value.filter((one) => one.standing === 'waiting'))
export const refused = computed(() => queue.value.filter((one) => one.standing === 'refused'))
export const kept = computed(() => queue.value.filter((one) => one.standing === 'kept'))

/** One look after the other, so that what is shown is never older than what was shown before. */
let looks: Promise<void> = Promise.resolve()
/** How often it was forgotten: a look that began before shows nothing. */
let forgotten = 0

/** Open what lies on the disk, in the order in which it was written. */
export function loadQueue(): Promise<void> {
  looks = looks.catch(() => undefined).then(look)
  return looks
}

async function look(): Promise<void> {
  const before = forgotten
  const rows = await database.queue.orderBy('place').toArray()
  const found = await openEach(rows, (row) => unseal<Queued>(`queue ${row.id}`, row.sealed))
  if (before !== forgotten) return
  queue.value = found.opened
  shut.queue = found.shut
}

/** It changed here: show it, and let the other tabs look too. */
async function show(): Promise<void> {
  tell('queue')
  await loadQueue()
}

export function forgetQueue(): void {
  forgotten += 1
  queue.value = []
}

/**
 * A request of these events about one person, with ids of its own, stamped by this phone's clock.
 *
 * What may change the stage says which version of the case it was decided on: where somebody recorded meanwhile, a
 * person decides (decision 0040). A visit happened, whatever else did.
 */
export function requestOf(caseId: string, name: string, events: NewEvent[]): Queued {
  const captured_at = new Date().toISOString()
  const id = uuid7()
  const stamped = events.map((event) => ({ ...event, id: uuid7(), captured_at }))
  const decides = events.some((event) => forms.value.get(event.event)?.moves)
  const expected_version = decides ? people.get(caseId)?.version : undefined
  return {
    id,
    case_id: caseId,
    name,
    written_at: Date.now(),
    request: { id, case_id: caseId, events: stamped, ...(expected_version && { expected_version }) },
    standing: 'waiting',
  }
}

/** Write requests down; with them goes the draft or the refused request that they came from. */
export async function enqueue(fresh: Queued[], replaces: { draft?: string; refused?: string } = {}): Promise<void> {
  const rows = await Promise.all(fresh.map(rowOf))
  await database.transaction('rw', database.queue, database.drafts, async () => {
    await database.queue.bulkAdd(rows)
    if (replaces.draft) await database.drafts.delete(replaces.draft)
    if (replaces.refused) await database.queue.where('id').equals(replaces.refused).delete()
  })
  await show()
}

/** Let a request go that is not on its way: refused, then its photos go with it, or told about. */
export async function letGo(id: string): Promise<void> {
  const isRefused = refused.value.some((one) => one.id === id)
  await database.transaction('rw', database.queue, database.photos, async () => {
    await database.queue.where('id').equals(id).delete()
    if (isRefused) await database.photos.filter((row) => row.request_id === id).delete()
  })
  await show()
}

/** What the server said of each that was sent: what it has leaves, what came back stays to be read. All in one go. */
export async function takeAnswers(sent: readonly Queued[], answers: readonly QueueAnswer[]): Promise<void> {
  const gone = new Set<string>()
  const changed = new Map<string, Queued>()
  sent.forEach((one, place) => {
    const answer = answers[place] as QueueAnswer
    const standing = standingAfter(answer.outcome)
    if (standing) changed.set(one.id, answered(one, answer, standing))
    else gone.add(one.id)
    for (const next of stepped(one, answer)) changed.set(next.id, next)
  })
  const rows = await Promise.all([...changed.values()].map(rowOf))
  await database.transaction('rw', database.queue, async () => {
    await database.queue.where('id').anyOf([...gone]).delete()
    for (const { id, sealed } of rows) await database.queue.where('id').equals(id).modify({ sealed })
  })
  await show()
}

/** What was decided on the version before this one of ours was taken is decided on the one after it: nobody came between. */
function stepped(one: Queued, answer: QueueAnswer): Queued[] {
  const version = answer.recorded?.version
  if (version === undefined) return []
  const behind = waiting.value.filter((next) => next.case_id === one.case_id && next.request.expected_version === version - 1)
  return behind.map((next) => ({ ...next, request: { ...next.request, expected_version: version } }))
}

function standingAfter(outcome: Outcome): Standing | null {
  if (outcome === 'accepted' || outcome === 'already_known') return null
  return outcome === 'refused' ? 'refused' : 'kept'
}

function answered(one: Queued, answer: QueueAnswer, standing: Standing): Queued {
  return { ...one, standing, outcome: answer.outcome, problem: answer.problem, theirs: answer.theirs }
}

async function rowOf(one: Queued): Promise<QueueRow> {
  return { id: one.id, case_id: one.case_id, sealed: await seal(`queue ${one.id}`, one) }
}
