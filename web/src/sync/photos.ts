/**
 * Photos follow their events: each is sent once the server has answered for the request that brought its event, also
 * while that waits for a person. A photo that fails holds nothing up.
 */

import { api, brought, RefusedBy, Unreached } from '../api/client.ts'
import type { PhotoRow } from '../local/database.ts'
import { dropPhoto, loadPhotos, notePhotoRefused, photoBytes, photosDue } from '../local/photos.ts'
import { kept } from '../local/queue.ts'

/** Send what may be sent, until the line breaks. Sending one twice is harmless. */
export async function pushPhotos(): Promise<void> {
  for (const row of await photosDue(new Set(kept.value.map((one) => one.id)))) {
    if (!(await pushed(row))) break
  }
  await loadPhotos()
}

/** False where the server cannot take any now. */
async function pushed(row: PhotoRow): Promise<boolean> {
  try {
    await send(row)
    await dropPhoto(row.id)
    return true
  } catch (error) {
    if (error instanceof Unreached) return false
    if (!(error instanceof RefusedBy)) throw error
    if (isForLater(error.problem.status)) return false
    await notePhotoRefused(row.id, error.problem)
    return true
  }
}

/** Not about this photo: who asks is not known, asks too often, or the server is in trouble. */
function isForLater(status: number): boolean {
  return status === 401 || status === 429 || status >= 500
}

async function send(row: PhotoRow): Promise<void> {
  const bytes = await photoBytes(row.id)
  if (!bytes) return
  const header = { 'X-File-Name': 'photo.jpg', 'X-Event-Id': row.event_id, 'X-Queue-Id': row.request_id }
  await brought(
    api.PUT('/api/v1/cases/{case_id}/attachments/{attachment_id}', {
      params: { path: { case_id: row.case_id, attachment_id: row.id }, header },
      headers: { 'Content-Type': 'image/jpeg' },
      body: '', // the bytes are put in its place
      bodySerializer: () => bytes,
    }),
  )
}
