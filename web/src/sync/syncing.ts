/**
 * When the phone speaks with the server: at the start, when the signal is back, when somebody looks at it again, after
 * something was written down, and every few minutes. It pushes before it pulls, and one tab at a time.
 */

import { reactive } from 'vue'

import { RefusedBy, Unreached } from '../api/client.ts'
import type { Problem } from '../api/types-of.ts'
import { loadCases } from '../local/cases.ts'
import { loadQueue } from '../local/queue.ts'
import { isOpen } from '../local/vault.ts'
import { pushPhotos } from './photos.ts'
import { pull, wipePeople } from './pull.ts'
import { push } from './push.ts'

const EVERY_MS = 5 * 60_000
const FIRST_PAUSE_MS = 10_000
const LONGEST_PAUSE_MS = 5 * 60_000
/** With these the server says that this is nobody's phone any more; an expired token only asks for its owner (docs/phones.md). */
const NOBODYS = new Set(['session_ended', 'session_over', 'login_disabled'])

export const line = reactive({
  busy: false,
  /** Whether the last try reached the server. */
  reached: true,
  /** What the server said where it would not speak with this phone. */
  problem: null as Problem | null,
  /** Something of ours failed: what was written is still here. */
  broken: false,
})

let pause = FIRST_PAUSE_MS
let timer: ReturnType<typeof setTimeout> | undefined

let running: Promise<boolean> | null = null
let next: Promise<boolean> | null = null

/** Speak with the server now; once more where that is under way, for what was written meanwhile. True where it worked. */
export function sync(): Promise<boolean> {
  if (running === null) {
    running = speak().finally(() => (running = null))
    return running
  }
  next ??= running.then(() => {
    next = null
    return sync()
  })
  return next
}

/** Once; where another tab speaks already, after it. */
async function speak(): Promise<boolean> {
  if (!isOpen()) return false
  line.busy = true
  try {
    await oneAtATime(async () => {
      await loadQueue()
      await push()
      await pushPhotos()
      await pull()
    })
    worked()
    return true
  } catch (error) {
    await failed(error)
    return false
  } finally {
    line.busy = false
    later()
  }
}

/** Listen for moments to speak; gives what stops it. */
export function keepInTouch(): () => void {
  const now = () => void sync()
  const seen = () => document.visibilityState === 'visible' && now()
  const lost = () => (line.reached = false)
  addEventListener('online', now)
  addEventListener('offline', lost)
  document.addEventListener('visibilitychange', seen)
  now()
  return () => {
    removeEventListener('online', now)
    removeEventListener('offline', lost)
    document.removeEventListener('visibilitychange', seen)
    clearTimeout(timer)
  }
}

async function oneAtATime(work: () => Promise<void>): Promise<void> {
  if (navigator.locks) await navigator.locks.request('guitu-sync', work)
  else await work()
}

function worked(): void {
  Object.assign(line, { reached: true, problem: null, broken: false })
  pause = FIRST_PAUSE_MS
}

async function failed(error: unknown): Promise<void> {
  pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
  if (error instanceof Unreached) Object.assign(line, { reached: false })
  else if (error instanceof RefusedBy) await refusedBy(error.problem)
  else if (isOpen()) {
    line.broken = true
    console.error(error)
  }
}

/** The people go where the server does not know this phone any more; what was written stays, sealed, for who wrote it. */
async function refusedBy(problem: Problem): Promise<void> {
  Object.assign(line, { reached: true, problem })
  if (!NOBODYS.has(problem.code)) return
  await wipePeople()
  await loadCases()
}

function later(): void {
  clearTimeout(timer)
  const well = line.reached && line.problem === null && !line.broken
  timer = setTimeout(() => void sync(), well ? EVERY_MS : pause)
}
