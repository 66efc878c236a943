/**
 * Signing in, and leaving.
 *
 * The password opens a browser's session for as long as it takes to get a token for this phone; from then on the token
 * speaks, sealed behind the PIN, and no cookie is left on the phone.
 */

import { v7 as uuid7 } from 'uuid'

import { api, brought } from '../api/client.ts'
import type { Me } from '../api/types-of.ts'
import { account, forgetAccount, keepAccount, speakFor } from '../local/account.ts'
import { forgetCases } from '../local/cases.ts'
import { loadContact } from '../local/contact.ts'
import { wipe } from '../local/database.ts'
import { forgetNarrowing } from '../local/narrowing.ts'
import { forgetPhotos } from '../local/photos.ts'
import { forgetQueue } from '../local/queue.ts'
import { tell } from '../local/tabs.ts'
import { forgetRead } from '../local/told.ts'
import { close, setLock } from '../local/vault.ts'
import { forgetArriving } from './arriving.ts'

const TOKEN_DAYS = 90
const COOKIE = { credentials: 'same-origin' } as const

export interface SignedIn {
  mark: string
  me: Me
}

/** Who the password opens the door for. Throws RefusedBy, Unreached. */
export async function signIn(handle: string, password: string): Promise<SignedIn> {
  const body = { id: uuid7(), handle, password }
  const signed = await brought(api.POST('/api/v1/sessions', { body, ...COOKIE }))
  const mark = signed.csrf_token
  return leavingOnFailure(mark, async () => {
    const me = await brought(api.GET('/api/v1/me', { headers: { 'X-CSRF-Token': mark }, ...COOKIE }))
    return { mark, me }
  })
}

/** Make this their phone: a PIN, a token of its own, and the cookie goes. Throws Taken where another tab was first. */
export async function takePhone(signed: SignedIn, pin: string, label: string): Promise<void> {
  const mine = { ...(await issued(signed, label)), ...whose(signed.me) }
  await setLock(pin, { account: mine })
  speakFor(mine)
  tell('account')
}

/** The same person signs in anew on this phone, which is open: another token, and what waits goes on waiting. */
export async function renew(signed: SignedIn, label: string): Promise<void> {
  await keepAccount({ ...(await issued(signed, label)), ...whose(signed.me) })
  tell('account')
}

async function issued({ mark }: SignedIn, label: string): Promise<{ token: string; token_id: string }> {
  const body = { id: uuid7(), label, days: TOKEN_DAYS }
  const headers = { 'X-CSRF-Token': mark }
  const ask = () => brought(api.POST('/api/v1/me/tokens', { body, headers, ...COOKIE }))
  const token = await leavingOnFailure(mark, ask)
  await leaveBrowser(mark)
  return { token: token.token, token_id: token.id }
}

/** No cookie stays, whatever fails. */
async function leavingOnFailure<T>(mark: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    await leaveBrowser(mark)
    throw error
  }
}

/** End the browser's session; where the line is gone, it ends by itself within the half hour. */
export async function leaveBrowser(mark: string): Promise<void> {
  const headers = { 'X-CSRF-Token': mark }
  await brought(api.DELETE('/api/v1/sessions/current', { headers, ...COOKIE })).catch(() => undefined)
}

/** Leave for good: the token ends on the server where it can be reached, and everything on the phone goes. */
export async function signOut(): Promise<void> {
  const mine = account.value
  if (mine) {
    const params = { path: { session_id: mine.token_id } }
    await brought(api.DELETE('/api/v1/sessions/{session_id}', { params })).catch(() => undefined)
  }
  forgetAll()
  await wipe()
  tell('left')
  await loadContact()
}

/** Out of memory: the phone is locked. What lies on the disk is sealed. */
export function forgetAll(): void {
  close()
  forgetCases()
  forgetQueue()
  forgetPhotos()
  forgetAccount()
  forgetRead()
  forgetArriving()
  forgetNarrowing()
}

function whose(me: Me): { handle: string; account_id: string; role: string } {
  return { handle: me.handle, account_id: me.account_id, role: me.role }
}
