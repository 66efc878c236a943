/** What somebody began to write down and has not finished: kept as it is written, so that a killed tab takes nothing. */

import { shallowRef } from 'vue'
import { v7 as uuid7 } from 'uuid'

import type { Data } from '../rules/fields.ts'
import { database } from './database.ts'
import { openEach, openedOr, shut } from './opening.ts'
import { ifRoom } from './storage.ts'
import { isOpen, Locked, seal, unseal } from './vault.ts'

export interface Draft {
  id: string
  case_id: string
  event: string
  happened_on: string
  /** `15:04`, or empty. */
  time: string
  data: Data
  /** Ids of the photos that were taken for it. */
  photos: string[]
  /** The request that came back and that this replaces. */
  refused?: string
  changed_at: number
}

const PAUSE_MS = 250
/** Why what is being written is not kept: the phone did not take it, or another tab finished it or let it go. */
export const unkept = shallowRef<'failed' | 'elsewhere' | null>(null)
/** What this tab kept, found or finished, by its id: where it is no longer on the disk, another tab was first. */
const known = new Set<string>()

/** Another tab finished it, or let it go. */
export class Elsewhere extends Error {}

export function newDraft(caseId: string, event: string, happenedOn: string): Draft {
  return { id: uuid7(), case_id: caseId, event, happened_on: happenedOn, time: '', data: {}, photos: [], changed_at: Date.now() }
}

/** Keep it as it stands, as long as its person is on the phone. Throws Elsewhere where another tab finished it. */
export async function keepDraft(draft: Draft): Promise<void> {
  const sealed = await seal(`draft ${draft.id}`, { ...draft, changed_at: Date.now() })
  await database.transaction('rw', database.drafts, database.cases, async () => {
    if (!(await database.cases.get(draft.case_id))) return // they left the phone, and what was begun about them too
    mustBeHere(draft.id, await database.drafts.get(draft.id))
    await database.drafts.put({ id: draft.id, case_id: draft.case_id, sealed })
  })
  remember(draft.id)
}

/** Throws Elsewhere where this tab knew it, and it is not there any more. */
export function mustBeHere(id: string, found: unknown): void {
  if (found || !known.has(id)) return
  unkept.value = 'elsewhere'
  throw new Elsewhere()
}

/** From now on it has to be there. */
export function remember(id: string): void {
  known.add(id)
}

/** The drafts about a person, or all, the latest first. */
export async function drafts(caseId?: string): Promise<Draft[]> {
  const rows = caseId ? await database.drafts.where('case_id').equals(caseId).toArray() : await database.drafts.toArray()
  const found = await openEach(rows, (row) => unseal<Draft>(`draft ${row.id}`, row.sealed))
  if (!caseId) shut.drafts = found.shut
  found.opened.forEach((one) => remember(one.id))
  return found.opened.sort((a, b) => b.changed_at - a.changed_at)
}

export async function draftOf(id: string): Promise<Draft | null> {
  const row = await database.drafts.get(id)
  if (row) remember(id)
  return row ? openedOr(() => unseal<Draft>(`draft ${id}`, row.sealed)) : null
}

/** It goes, and with it the photos that were taken for it and belong to no request yet. */
export async function dropDraft(id: string): Promise<void> {
  await database.transaction('rw', database.drafts, database.photos, async () => {
    await database.drafts.delete(id)
    await database.photos.filter((row) => row.draft_id === id && row.request_id === undefined).delete()
  })
}

function kept(): void {
  unkept.value = null
}

/** It is said; what comes after is kept all the same. */
function failed(error: unknown): void {
  if (!(error instanceof Locked)) unkept.value = error instanceof Elsewhere ? 'elsewhere' : 'failed'
}

export interface Keeper {
  /** Something was written: it is kept a moment later, and at once where the page is put away. */
  changed: () => void
  /** What was not yet kept is not kept now, and what is being kept is. */
  settle: () => Promise<void>
  /** The end; what was not yet kept is kept first, or not. */
  stop: (keep: boolean) => Promise<void>
}

/** Keeps what is being written as it grows. */
export function keeping(write: () => Promise<void>): Keeper {
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = Promise.resolve()
  unkept.value = null
  let isOver = false
  const now = () => {
    if (timer === undefined) return
    clearTimeout(timer)
    timer = undefined
    if (isOpen()) last = last.then(() => ifRoom(write)).then(kept, failed)
  }
  const hidden = () => document.visibilityState === 'hidden' && now()
  addEventListener('pagehide', now)
  document.addEventListener('visibilitychange', hidden)
  const changed = () => {
    clearTimeout(timer)
    if (!isOver) timer = setTimeout(now, PAUSE_MS)
  }
  const settle = () => {
    clearTimeout(timer)
    timer = undefined
    return last
  }
  const stop = (keep: boolean) => {
    isOver = true
    removeEventListener('pagehide', now)
    document.removeEventListener('visibilitychange', hidden)
    if (keep) now()
    return settle()
  }
  return { changed, settle, stop }
}
