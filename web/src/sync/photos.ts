/**
 * Photos follow their events: one is tied to an event that the server has, or lies with the case where the event
 * waits for a person. A photo that fails holds nothing up.
 */

import { api, brought, RefusedBy, Unreached } from '../api/client.ts'
import { dropPhoto, loadPhotos, notePhotoRefused, photoBytes, photosDue } from '../local/photos.ts'
import type { PhotoRow } from '../local/database.ts'
import { queue } from '../local/queue.ts'

const JPEG = 'image/jpeg'

/** Send what may be sent, until the line breaks. Sending one twice is harmless. */
export async function pushPhotos(): Promise<void> {
  await loadPhotos()
  const standing = new Map(queue.value.map((one) => [one.id, one.standing]))
  const underway = new Set([...standing].filter(([, each]) => each !== 'kept').map(([id]) => id))
  for (const row of await photosDue(underway)) {
    const isKept = standing.get(row.request_id ?? '') === 'kept'
    if (!(await pushed(row, isKept ? undefined : row.event_id))) break
  }
  await loadPhotos()
}

/** False where the server cannot take any now. */
async function pushed(row: PhotoRow, eventId: string | undefined): Promise<boolean> {
  try {
    await send(row, eventId)
    await dropPhoto(row.id)
    return true
  } catch (error) {
    if (error instanceof Unreached) return false
    if (!(error instanceof RefusedBy)) throw error
    const { problem } = error
    if (eventId && problem.facts?.what === 'event') return pushed(row, undefined)
    if (problem.status >= 500 || problem.status === 429 || problem.status === 401) return false
    await notePhotoRefused(row.id, problem)
    return true
  }
}

async function send(row: PhotoRow, eventId: string | undefined): Promise<void> {
  const bytes = await photoBytes(row.id)
  if (!bytes) return
  await brought(
    api.PUT('/api/v1/cases/{case_id}/attachments/{attachment_id}', {
      params: {
        path: { case_id: row.case_id, attachment_id: row.id },
        header: { 'X-File-Name': 'photo.jpg', ...(eventId ? { 'X-Event-Id': eventId } : {}) },
      },
      headers: { 'Content-Type': JPEG },
      body: '', // the bytes are put in its place
      bodySerializer: () => bytes,
    }),
  )
}
