/**
 * When the phone last spoke with the server, and which day it is there.
 *
 * Offline it opens at most 72 hours after that. Who turns the clock back gains nothing: the latest instant that the
 * phone ever saw is kept too.
 */

import { reactive } from 'vue'

import { civilDay, daysBetween, addDays, type Day } from '../rules/days.ts'
import { database, keepState, stateOf } from './database.ts'

export const LONGEST_OFFLINE_MS = 72 * 3_600_000
const SLACK_MS = 10 * 60_000

export interface Contact {
  /** Instant of the last contact by this phone's clock; 0 where there was none. */
  at: number
  /** By how many days the office's day is ahead of the real one: not 0 in a demo alone. */
  days: number
  /** By how many ms the server's clock is ahead of this phone's. */
  ahead: number
}

export const contact = reactive<Contact>({ at: 0, days: 0, ahead: 0 })

/** Read what is kept. */
export async function loadContact(): Promise<void> {
  Object.assign(contact, (await stateOf<Contact>('contact')) ?? { at: 0, days: 0, ahead: 0 })
}

/** The server answered: which day it is there, and how far its clock is ahead. */
export async function noteContact(on: Day, ahead: number): Promise<void> {
  const here = Date.now()
  Object.assign(contact, { at: here, days: daysBetween(civilDay(here + ahead), on), ahead })
  await keepState('contact', { ...contact })
  await noteSeen()
}

/** Which day it is at the office, as far as this phone can tell. */
export function today(): Day {
  return addDays(civilDay(Date.now() + contact.ahead), contact.days)
}

/** The latest instant that this phone ever saw, noted whenever somebody looks at it. */
export async function noteSeen(): Promise<void> {
  await database.transaction('rw', database.state, async () => {
    const seen = (await stateOf<number>('seen')) ?? 0
    if (Date.now() > seen) await keepState('seen', Date.now())
  })
}

/** Whether the phone may show people without asking the server first. */
export async function mayOpenOffline(): Promise<boolean> {
  const now = Date.now()
  const seen = (await stateOf<number>('seen')) ?? 0
  return now >= seen - SLACK_MS && contact.at > 0 && now - contact.at <= LONGEST_OFFLINE_MS
}
