/**
 * The photos that were taken here and are not yet on the server, sealed like all else.
 *
 * A photo belongs to a draft, then to the event that the draft became; it is sent once the server has that event.
 */

import { computed, shallowRef } from 'vue'
import { v7 as uuid7 } from 'uuid'

import type { Problem } from '../api/types-of.ts'
import { database, type PhotoRow } from './database.ts'
import type { Draft } from './drafts.ts'
import { openEach, openedOr, shut } from './opening.ts'
import { redrawn } from './pictures.ts'
import type { Queued } from './queue.ts'
import { seal, unseal, unsealBytes } from './vault.ts'

export interface Photo {
  id: string
  case_id: string
  request_id?: string
  event_id?: string
  problem: Problem | null
}

/** All that were written down for the server; those of drafts are the drafts'. */
export const photos = shallowRef<Photo[]>([])
export const refusedPhotos = computed(() => photos.value.filter((one) => one.problem !== null))
export const waitingPhotos = computed(() => photos.value.filter((one) => one.problem === null))

/** How often they were forgotten: a look that began before shows nothing. */
let forgotten = 0

export async function loadPhotos(): Promise<void> {
  const before = forgotten
  const rows = await database.photos.filter((row) => row.request_id !== undefined).toArray()
  const found = await openEach(rows, opened)
  if (before !== forgotten) return
  photos.value = found.opened
  noteShut(found.shut, rows)
}

export function forgetPhotos(): void {
  forgotten += 1
  photos.value = []
}

/** Keep a picture for a draft, drawn anew. Gives its id. Throws NoPicture. */
export async function keepPhoto(file: Blob, draft: Pick<Draft, 'id' | 'case_id'>): Promise<string> {
  const id = uuid7()
  const sealed = await seal(`photo ${id}`, await redrawn(file))
  await database.photos.put({ id, case_id: draft.case_id, draft_id: draft.id, sealed })
  return id
}

/** The picture, to be shown or sent; null where it is gone, or does not open. */
export async function photoBytes(id: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const row = await database.photos.get(id)
  return row ? openedOr(() => picture(row)) : null
}

export async function dropPhoto(id: string): Promise<void> {
  await database.photos.delete(id)
  await loadPhotos()
}

/** The photos of a request. */
export async function photosOf(requestId: string): Promise<string[]> {
  return database.photos.filter((row) => row.request_id === requestId).primaryKeys()
}

/** These photos of a draft belong to the event that it becomes; until the draft is gone, none of them is sent. */
export async function bindPhotos(draft: Draft, request: Queued): Promise<void> {
  const event_id = request.request.events[0]?.id
  await database.photos
    .where('id')
    .anyOf(draft.photos)
    .modify((row) => {
      Object.assign(row, { draft_id: draft.id, request_id: request.id, event_id })
      delete row.told
    })
}

/**
 * What may be sent now: its draft was saved, and its request is no longer on its way, nor to be mended.
 *
 * Read in one go, so that no request is saved between two looks: a photo that overtook its event was refused for good.
 */
export async function photosDue(kept: ReadonlySet<string>): Promise<PhotoRow[]> {
  const due = await database.transaction('r', database.photos, database.drafts, database.queue, async () => {
    const rows = await database.photos.filter((row) => row.request_id !== undefined && row.told === undefined).toArray()
    const begun = new Set(await database.drafts.toCollection().primaryKeys())
    const queued = new Set((await database.queue.toArray()).map((row) => row.id))
    return rows.filter(({ draft_id, request_id = '' }) => !begun.has(draft_id) && (kept.has(request_id) || !queued.has(request_id)))
  })
  const found = await openEach(due, async (row) => (await picture(row)) && row)
  noteShut(found.shut)
  return found.opened
}

function picture(row: PhotoRow): Promise<Uint8Array<ArrayBuffer>> {
  return unsealBytes(`photo ${row.id}`, row.sealed)
}

/** These do not open; of those known before, the ones that still lie here. */
function noteShut(ids: string[], here?: PhotoRow[]): void {
  const before = shut.photos.filter((id) => !here || here.some((row) => row.id === id))
  shut.photos = [...new Set([...before, ...ids])]
}

/** The server would not have it: it stays to be read, and holds nothing up. */
export async function notePhotoRefused(id: string, problem: Problem): Promise<void> {
  const told = await seal(`photo ${id} told`, problem)
  await database.photos.where('id').equals(id).modify({ told })
}

async function opened(row: PhotoRow): Promise<Photo> {
  const { id, case_id, request_id, event_id } = row
  return { id, case_id, request_id, event_id, problem: row.told ? await unseal<Problem>(`photo ${id} told`, row.told) : null }
}
