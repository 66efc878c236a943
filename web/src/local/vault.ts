/**
 * The lock of the phone: one data key that seals every row, and opens by the PIN alone (decision 0042).
 *
 * The data key is wrapped by a key made of the PIN (PBKDF2), and that once more by a key of this browser that no
 * script can export. Open, it lives in memory only and cannot be exported either. Wrong PINs are counted before they
 * are tried, so that a killed tab gives none for free; the tenth wipes the phone.
 */

import { v7 as uuid7 } from 'uuid'

import { database, keepState, stateOf, wipe, type Sealed } from './database.ts'

export const MOST_TRIES = 10
export const PIN_DIGITS = 6
const ROUNDS = 600_000 // PBKDF2-HMAC-SHA256, OWASP 2023
const AES = { name: 'AES-GCM', length: 256 } as const

interface Lock {
  salt: Uint8Array<ArrayBuffer>
  rounds: number
  device: CryptoKey
  wrapped: Sealed
}

export type Opening = { open: true } | { open: false; left: number }

let key: CryptoKey | null = null

/** Whether the phone has a PIN, and so somebody's work on it. */
export async function hasLock(): Promise<boolean> {
  return (await database.state.get('lock')) !== undefined
}

export function isOpen(): boolean {
  return key !== null
}

/**
 * Set a PIN: a new data key, and what is sealed under it from the start, by its name; all in one, or nothing of it.
 *
 * Throws Taken where the phone is somebody's meanwhile.
 */
export async function setLock(pin: string, first: Record<string, unknown>): Promise<void> {
  const fresh = await crypto.subtle.generateKey(AES, true, ['encrypt', 'decrypt'])
  const lock = await wrapped(fresh, pin)
  const open = await inMemory(new Uint8Array(await crypto.subtle.exportKey('raw', fresh)))
  const sealed = await Promise.all(Object.entries(first).map(async ([name, value]) => ({ name, value: await encrypted(open, name, bytesOf(value)) })))
  await database.transaction('rw', database.state, async () => {
    if (await hasLock()) throw new Taken()
    await database.state.bulkPut([{ name: 'lock', value: lock }, { name: 'tries', value: 0 }, { name: 'epoch', value: uuid7() }, ...sealed])
  })
  key = open
}

/** Since when the phone is whose it is: another one after each wipe. Undefined where it is nobody's. */
export async function epoch(): Promise<string | undefined> {
  return stateOf<string>('epoch')
}

/** Try a PIN. The tenth wrong one wipes all that lies on the phone (`left` is 0). */
export async function unlock(pin: string): Promise<Opening> {
  const tries = await countTry()
  if (tries === undefined) return { open: false, left: 0 }
  if (tries > MOST_TRIES) {
    await wipe() // the tab was killed before it could
    return { open: false, left: 0 }
  }
  const lock = await stateOf<Lock>('lock')
  const raw = lock && (await unwrapped(lock, pin))
  if (raw) {
    await keepState('tries', 0)
    key = await inMemory(raw)
    return { open: true }
  }
  if (tries >= MOST_TRIES) await wipe()
  return { open: false, left: Math.max(0, MOST_TRIES - tries) }
}

/** Another PIN over the same data. */
export async function changePin(old: string, fresh: string): Promise<Opening> {
  const opening = await unlock(old)
  if (!opening.open) return opening
  const lock = (await stateOf<Lock>('lock')) as Lock
  const raw = (await unwrapped(lock, old)) as Uint8Array<ArrayBuffer>
  const open = await crypto.subtle.importKey('raw', raw, AES, true, ['encrypt', 'decrypt'])
  await keepState('lock', await wrapped(open, fresh))
  return opening
}

/** Forget the key. */
export function close(): void {
  key = null
}

/** Seal a value as the row of that name: a sealed row put in another's place does not open. */
export async function seal(name: string, value: unknown): Promise<Sealed> {
  return encrypted(mustBeOpen(), name, bytesOf(value))
}

function bytesOf(value: unknown): Uint8Array<ArrayBuffer> {
  const bytes = value instanceof Uint8Array ? value : new TextEncoder().encode(JSON.stringify(value))
  return bytes as Uint8Array<ArrayBuffer>
}

/** What was sealed under that name. */
export async function unseal<T>(name: string, sealed: Sealed): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await unsealBytes(name, sealed))) as T
}

export async function unsealBytes(name: string, sealed: Sealed): Promise<Uint8Array<ArrayBuffer>> {
  return decrypted(mustBeOpen(), name, sealed)
}

// ------------------------------------------------------------------ keys

/** Count one more try before it is made; past the last one there is nothing to try. */
async function countTry(): Promise<number | undefined> {
  return database.transaction('rw', database.state, async () => {
    if ((await database.state.get('lock')) === undefined) return undefined
    const tries = ((await stateOf<number>('tries')) ?? 0) + 1
    await keepState('tries', tries)
    return tries
  })
}

async function wrapped(data: CryptoKey, pin: string): Promise<Lock> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const device = await crypto.subtle.generateKey(AES, false, ['encrypt', 'decrypt'])
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', data))
  const byPin = await encrypted(await keyOf(pin, salt, ROUNDS), 'pin', raw)
  const both = new Uint8Array([...byPin.iv, ...new Uint8Array(byPin.body)])
  return { salt, rounds: ROUNDS, device, wrapped: await encrypted(device, 'device', both) }
}

async function unwrapped(lock: Lock, pin: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const both = await decrypted(lock.device, 'device', lock.wrapped)
  const byPin = { iv: both.slice(0, 12), body: both.slice(12).buffer }
  try {
    return await decrypted(await keyOf(pin, lock.salt, lock.rounds), 'pin', byPin)
  } catch {
    return null // a wrong PIN: the tag does not fit
  }
}

async function keyOf(pin: string, salt: Uint8Array<ArrayBuffer>, rounds: number): Promise<CryptoKey> {
  const digits = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveKey'])
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }
  return crypto.subtle.deriveKey(how, digits, AES, false, ['encrypt', 'decrypt'])
}

function inMemory(raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', raw, AES, false, ['encrypt', 'decrypt'])
}

async function encrypted(by: CryptoKey, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  return { iv, body: await crypto.subtle.encrypt(how(iv, name), by, bytes) }
}

async function decrypted(by: CryptoKey, name: string, sealed: Sealed): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.decrypt(how(sealed.iv, name), by, sealed.body))
}

function how(iv: Uint8Array<ArrayBuffer>, name: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(name) }
}

function mustBeOpen(): CryptoKey {
  if (key === null) throw new Locked()
  return key
}

/** The phone became somebody's in another tab. */
export class Taken extends Error {}

/** Nobody has opened the phone, or it locked itself meanwhile. */
export class Locked extends Error {}
