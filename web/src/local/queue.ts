/**
 * What was recorded here and is not yet on the server, or came back from it; in words, and never lost.
 *
 * A request is written down sealed before anything else happens, with the ids that it keeps for good: sending it twice
 * is harmless. It leaves the queue only when the server has it, or when its writer lets it go.
 */

import { computed, shallowRef } from 'vue'
import { v7 as uuid7 } from 'uuid'

import type { Outcome, Problem, QueueAnswer, QueuedCreate } from '../api/types-of.ts'
import type { Carried } from '../rules/carried.ts'
import { batchMustBeHere, dropBatch } from './batch.ts'
import { forms, people } from './cases.ts'
import { database, type QueueRow, type SealedRow } from './database.ts'
import { Elsewhere, mustBeHere, remember, unkept } from './drafts.ts'
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
/** The place of what was written down last, of those that were looked at. */
let newest = 0

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
  newest = rows[rows.length - 1]?.place ?? 0
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

/** Ids of what requests were before: a draft, a batch, a request that came back. */
export interface Before {
  draft?: string
  batch?: string
  refused?: string
}

/** Write requests down; what they were before goes with that, all in one. Throws Elsewhere where another tab was first. */
export async function enqueue(fresh: Queued[], before: Before = {}): Promise<void> {
  const rows = await Promise.all(fresh.map(rowOf))
  await database.transaction('rw', database.queue, database.drafts, database.state, async () => {
    await takeAway(before)
    await database.queue.bulkAdd(rows)
  })
  for (const id of [before.draft, before.batch]) if (id) remember(id)
  await show()
}

async function takeAway({ draft, batch, refused }: Before): Promise<void> {
  if (draft) {
    mustBeHere(draft, await database.drafts.get(draft))
    await database.drafts.delete(draft)
  }
  if (batch) {
    await batchMustBeHere(batch)
    await dropBatch()
  }
  if (refused && (await database.queue.where('id').equals(refused).delete()) === 0) {
    unkept.value = 'elsewhere'
    throw new Elsewhere()
  }
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
  while (!(await taken(sent, answers))) continue // something was written down meanwhile: look again
  await show()
}

async function taken(sent: readonly Queued[], answers: readonly QueueAnswer[]): Promise<boolean> {
  await loadQueue()
  const seen = newest
  const steps = stepsOf(sent, answers)
  const gone = sent.filter((_, place) => standingAfter(answers[place] as QueueAnswer) === null).map((one) => one.id)
  const rows = await Promise.all([...answered(sent, answers), ...stepped(steps, sent)].map(rowOf))
  const cases = await Promise.all([...casesStepped(steps)].map(async (one) => ({ one, row: await caseRow(one) })))
  const isTaken = await database.transaction('rw', database.queue, database.cases, async () => {
    if (((await database.queue.orderBy('place').last())?.place ?? 0) !== seen) return false
    await database.queue.where('id').anyOf(gone).delete()
    for (const { id, sealed } of rows) await database.queue.where('id').equals(id).modify({ sealed })
    for (const { row } of cases) await database.cases.where('id').equals(row.id).modify({ sealed: row.sealed })
    return true
  })
  if (isTaken) for (const { one } of cases) if (people.has(one.id)) people.set(one.id, one)
  return isTaken
}

/** From which version to which our own requests brought a case; where somebody else came between, it fits nothing. */
interface Step {
  from: number
  to: number
}

/** So many of ours were recorded of a case, and the last answer said its version. */
function stepsOf(sent: readonly Queued[], answers: readonly QueueAnswer[]): Map<string, Step> {
  const found = new Map<string, Step>()
  sent.forEach((one, place) => {
    const version = answers[place]?.recorded?.version
    if (version === undefined) return
    const before = found.get(one.case_id)
    const count = before ? before.to - before.from + 1 : 1
    const to = Math.max(version, before?.to ?? 0)
    found.set(one.case_id, { from: to - count, to })
  })
  return found
}

/** What was decided on the version before ours were taken, and is not among them, is decided on the one after them. */
function stepped(steps: ReadonlyMap<string, Step>, sent: readonly Queued[]): Queued[] {
  const answeredNow = new Set(sent.map((one) => one.id))
  return waiting.value.flatMap((one) => {
    const step = steps.get(one.case_id)
    if (!step || answeredNow.has(one.id) || one.request.expected_version !== step.from) return []
    return [{ ...one, request: { ...one.request, expected_version: step.to } }]
  })
}

/** The same for the case itself, until it is pulled: what is written next is decided on the new version. */
function casesStepped(steps: ReadonlyMap<string, Step>): Carried[] {
  return [...steps].flatMap(([id, step]) => {
    const one = people.get(id)
    return one && one.version === step.from ? [{ ...one, version: step.to }] : []
  })
}

async function caseRow(one: Carried): Promise<SealedRow> {
  return { id: one.id, sealed: await seal(`case ${one.id}`, one) }
}

/** What becomes of a request with that answer; null where the server has it. */
function standingAfter({ outcome }: QueueAnswer): Standing | null {
  if (outcome === 'accepted' || outcome === 'already_known') return null
  return outcome === 'refused' ? 'refused' : 'kept'
}

/** Those that came back, with what was said of them. */
function answered(sent: readonly Queued[], answers: readonly QueueAnswer[]): Queued[] {
  return sent.flatMap((one, place) => {
    const answer = answers[place] as QueueAnswer
    const standing = standingAfter(answer)
    const { outcome, problem, theirs } = answer
    return standing ? [{ ...one, standing, outcome, problem, theirs }] : []
  })
}

async function rowOf(one: Queued): Promise<QueueRow> {
  return { id: one.id, case_id: one.case_id, sealed: await seal(`queue ${one.id}`, one) }
}
