/** Whose phone this is, and the token by which it speaks; sealed like all else. */

import { shallowRef } from 'vue'

import { speakAs } from '../api/client.ts'
import { keepState, stateOf, type Sealed } from './database.ts'
import { openedOr } from './opening.ts'
import { seal, unseal } from './vault.ts'

export interface Account {
  handle: string
  account_id: string
  role: string
  token: string
  token_id: string
}

export const account = shallowRef<Account | null>(null)

/** Keep it, and speak by it from now on. */
export async function keepAccount(given: Account): Promise<void> {
  await keepState('account', await seal('account', given))
  speakFor(given)
}

/** It is kept already: speak by it from now on. */
export function speakFor(given: Account): void {
  speakAs(given.token)
  account.value = given
}

/** How often it was forgotten: a look that began before shows nothing. */
let forgotten = 0

export async function loadAccount(): Promise<void> {
  const before = forgotten
  const sealed = await stateOf<Sealed>('account')
  const opened = sealed ? await openedOr(() => unseal<Account>('account', sealed)) : null
  if (before !== forgotten) return
  account.value = opened
  speakAs(opened?.token ?? null)
}

export function forgetAccount(): void {
  forgotten += 1
  speakAs(null)
  account.value = null
}
