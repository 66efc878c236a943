/** Whether the phone is open, locked, or nobody's yet; and what opens and locks it. */

import { shallowRef } from 'vue'

import { forgetAll, signOut } from './signing.ts'
import { sync } from './syncing.ts'
import { loadAccount } from '../local/account.ts'
import { loadCases } from '../local/cases.ts'
import { loadContact, mayOpenOffline, noteSeen } from '../local/contact.ts'
import { loadPhotos } from '../local/photos.ts'
import { loadQueue } from '../local/queue.ts'
import { askToKeep } from '../local/storage.ts'
import { hear, tell, type News } from '../local/tabs.ts'
import { loadRead } from '../local/told.ts'
import { hasLock, isOpen, unlock, type Opening } from '../local/vault.ts'

/**
 * `stuck`: the browser does not let us at what lies on the phone. `afar`: the PIN was right, but the last contact is
 * too long ago to show people without the server.
 */
export type Door = 'starting' | 'stuck' | 'nobodys' | 'locked' | 'afar' | 'open'

export const IDLE_MS = 5 * 60_000
export const door = shallowRef<Door>('starting')
/** Too many wrong PINs cleared the phone, just now. */
export const wasWiped = shallowRef(false)
/** Without https there are no keys and no service worker. */
export const isSecure = window.isSecureContext

/** Look what is on the phone. */
export async function start(): Promise<void> {
  try {
    await Promise.all([loadContact(), noteSeen()])
    door.value = (await hasLock()) ? 'locked' : 'nobodys'
  } catch {
    door.value = 'stuck'
  }
}

/** Try a PIN; opens the door, or says how many tries are left. */
export async function openWith(pin: string): Promise<Opening> {
  await noteSeen()
  const opening = await unlock(pin)
  if (opening.open) await enter()
  else if (opening.left === 0) noteWiped()
  return opening
}

/** Too many wrong PINs: nothing is left here. */
export function noteWiped(): void {
  forgetAll()
  tell('left')
  wasWiped.value = true
  door.value = 'nobodys'
}

/** Sign out for good, and stand before the door as nobody. */
export async function leave(): Promise<void> {
  await signOut()
  door.value = 'nobodys'
}

/** The PIN was right: show people, now or once the server was reached. */
export async function enter(): Promise<void> {
  await loadAccount()
  await Promise.all([loadQueue(), loadPhotos()])
  if (await mayOpenOffline()) return show()
  door.value = 'afar'
  await tryFromAfar()
}

/** Ask the server, so that people may be shown again. */
export async function tryFromAfar(): Promise<void> {
  if ((await sync()) && isOpen() && door.value === 'afar') await show()
}

export function lock(): void {
  forgetAll()
  door.value = 'locked'
}

/** Lock each tab of this phone. */
export function lockAll(): void {
  tell('locked')
  lock()
}

/** Look where another tab tells of something new; gives what stops it. */
export function keepUp(): () => void {
  return hear((news) => {
    heard(news).catch((error: unknown) => {
      if (isOpen()) throw error // else it was locked meanwhile
    })
  })
}

async function heard(news: News): Promise<void> {
  if (news === 'left' || (news === 'account' && door.value === 'nobodys')) {
    forgetAll()
    return start()
  }
  if (!isOpen()) return
  if (news === 'locked') lock()
  else if (news === 'queue') await loadQueue()
  else if (news === 'account') await loadAccount()
  else await Promise.all([loadContact(), loadCases()])
}

/** Lock where nobody touched the phone for a while; gives what stops it. */
export function lockWhenIdle(idle = IDLE_MS): () => void {
  let last = Date.now()
  const touched = () => (last = Date.now())
  const look = () => isOpen() && Date.now() - last > idle && lock()
  const events = ['pointerdown', 'keydown', 'scroll'] as const
  events.forEach((name) => addEventListener(name, touched, { passive: true, capture: true }))
  document.addEventListener('visibilitychange', look)
  const timer = setInterval(look, 10_000)
  return () => {
    events.forEach((name) => removeEventListener(name, touched, { capture: true }))
    document.removeEventListener('visibilitychange', look)
    clearInterval(timer)
  }
}

async function show(): Promise<void> {
  await Promise.all([loadCases(), loadRead()])
  door.value = 'open'
  void askToKeep()
}
