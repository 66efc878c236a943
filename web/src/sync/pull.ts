/**
 * What is new on the people of this phone (下行, decision 0040).
 *
 * A page is taken whole, in one transaction, and only where the phone's cursor is still the one that it was asked with.
 */

import { api, brought, wall } from '../api/client.ts'
import type { SyncPage } from '../api/types-of.ts'
import { loadCases } from '../local/cases.ts'
import { noteContact } from '../local/contact.ts'
import { database, keepState, stateOf, type SealedRow } from '../local/database.ts'
import { tell } from '../local/tabs.ts'
import { epoch, Locked, seal } from '../local/vault.ts'
import { carried } from '../rules/carried.ts'

const PAGE = 100

/** Ask on until there is no more. Gives how many people were new, changed or wiped. */
export async function pull(): Promise<number> {
  let changed = 0
  let news = false
  for (let more = true; more; ) {
    const [asked, since] = await Promise.all([stateOf<string>('cursor'), epoch()])
    const query = { limit: PAGE, ...(asked ? { cursor: asked } : {}) }
    const page = (await brought(api.GET('/api/v1/sync', { params: { query } }))) as SyncPage
    if (!(await taken(page, asked, since))) continue // another tab was first
    await noteContact(page.on, wall.ahead)
    changed += page.cases.length + page.removed.length
    news ||= page.cursor !== asked
    more = page.more && page.cursor !== asked
  }
  if (news) tell('cases')
  await loadCases()
  return changed
}

/** Take a page; false where the phone is no longer where it was when it asked. Throws Locked where it was wiped meanwhile. */
async function taken(page: SyncPage, asked: string | undefined, since: string | undefined): Promise<boolean> {
  const cases = await Promise.all(page.cases.map((one) => sealedRow('case', one.id ?? '', carried(one))))
  const once = { ...page.sections, stands_in_for: page.stands_in_for }
  const parts = await Promise.all(Object.entries(once).map(([name, part]) => sealedRow('section', name, part)))
  return database.transaction('rw', database.tables, async () => {
    if (since === undefined || (await epoch()) !== since) throw new Locked()
    if ((await stateOf<string>('cursor')) !== asked) return false
    if (page.whole) await database.cases.clear()
    await database.cases.bulkDelete(page.removed)
    await database.cases.bulkPut(cases)
    await database.sections.bulkPut(parts)
    if (!page.more) await dropOrphans()
    await keepState('cursor', page.cursor)
    return true
  })
}

async function sealedRow(sort: string, id: string, value: unknown): Promise<SealedRow> {
  return { id, sealed: await seal(`${sort} ${id}`, value) }
}

/** What was begun about somebody who left goes with them; what was written for the server stays, photos and all. */
async function dropOrphans(): Promise<void> {
  const here = new Set(await database.cases.toCollection().primaryKeys())
  await database.drafts.filter((row) => !here.has(row.case_id)).delete()
  await database.photos.filter((row) => !here.has(row.case_id) && row.request_id === undefined).delete()
}

/** Everybody leaves the phone, which begins anew when it is let in again. What waits for the server stays, photos and all. */
export async function wipePeople(): Promise<void> {
  await database.transaction('rw', database.tables, async () => {
    await database.cases.clear()
    await database.sections.clear()
    await database.state.bulkDelete(['cursor', 'batch', 'read'])
    await dropOrphans()
  })
  tell('cases')
}
