/**
 * What lies on the phone's disk. Ids, order and counters lie there in the clear; all else is sealed (`vault.ts`).
 *
 * It knows no screen and no server.
 */

import Dexie, { type EntityTable, type Table } from 'dexie'

export interface Sealed {
  iv: Uint8Array<ArrayBuffer>
  body: ArrayBuffer
}

export interface SealedRow {
  id: string
  sealed: Sealed
}

/** A request in the queue: its place is the order in which it was written down. */
export interface QueueRow extends SealedRow {
  place?: number
  case_id: string
}

/** A row that belongs to a person, so that it goes with them. */
export interface PersonalRow extends SealedRow {
  case_id: string
}

/** A photo, sealed as it will be sent; whether the server would not have it. */
export interface PhotoRow extends PersonalRow {
  draft_id: string
  /** The request and the event that it belongs to, once these are written down. */
  request_id?: string
  event_id?: string
  /** What the server said where it refused it. */
  told?: Sealed
}

export interface StateRow {
  name: string
  value: unknown
}

class PhoneDatabase extends Dexie {
  cases!: EntityTable<SealedRow, 'id'>
  sections!: EntityTable<SealedRow, 'id'>
  queue!: Table<QueueRow, number>
  drafts!: EntityTable<PersonalRow, 'id'>
  photos!: EntityTable<PhotoRow, 'id'>
  state!: EntityTable<StateRow, 'name'>

  constructor(name: string) {
    super(name, { chromeTransactionDurability: 'strict' }) // what somebody wrote is on the disk when it says so
    this.version(1).stores({
      cases: 'id',
      sections: 'id',
      queue: '++place, &id, case_id',
      drafts: 'id, case_id',
      photos: 'id, case_id',
      state: 'name',
    })
  }
}

export const database = new PhoneDatabase('guitu')

/** A value that lies in the clear: counters, salts, instants. */
export async function stateOf<T>(name: string): Promise<T | undefined> {
  return (await database.state.get(name))?.value as T | undefined
}

/** Keep one. */
export async function keepState(name: string, value: unknown): Promise<void> {
  await database.state.put({ name, value })
}

/** How much of somebody's own work lies here: their number can be told while all of it is sealed. */
export async function workHere(): Promise<{ queue: number; photos: number; drafts: number }> {
  const [queue, photos, drafts] = await Promise.all([database.queue.count(), database.photos.count(), database.drafts.count()])
  return { queue, photos, drafts }
}

/** Everything goes: people, queue, keys. */
export async function wipe(): Promise<void> {
  await database.transaction('rw', database.tables, async () => {
    for (const table of database.tables) await table.clear()
  })
}
