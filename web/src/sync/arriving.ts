/** The people who were handed to one's offices and whom nobody has received yet (待签收); the server alone knows. */

import { shallowReactive } from 'vue'

import { api, brought, RefusedBy, Unreached } from '../api/client.ts'
import type { Arriving, Problem } from '../api/types-of.ts'
import { account } from '../local/account.ts'

/** Who receives people for an office (`workflow/rules/access.py`): nobody else asks. */
const RECEIVE = ['worker', 'supervisor', 'county']
const AGAIN_MS = 5 * 60_000
const MOST = 200

export const arriving = shallowReactive({
  items: [] as Arriving[],
  /** What offices are called, by id. */
  offices: new Map<string, string>(),
  busy: false,
  /** When the server last said so; 0 where it did not. */
  at: 0,
  /** Whether the last try reached nobody. */
  unreached: false,
  problem: null as Problem | null,
})

/** Whether the owner of this phone works for an office at all. */
export function mayReceive(): boolean {
  return RECEIVE.includes(account.value?.role ?? '')
}

/** How often they were forgotten: an answer to what was asked before shows nothing. */
let forgotten = 0

/** Ask where nobody asked of late; a screen that shows them asks at once (`now`). */
export async function lookForArriving(now = false): Promise<void> {
  if (!mayReceive()) return
  if (arriving.busy || (!now && Date.now() - arriving.at < AGAIN_MS)) return
  arriving.busy = true
  const before = forgotten
  try {
    const page = await brought(api.GET('/api/v1/hand-overs', { params: { query: { limit: MOST } } }))
    const named = page.items.length > 0 && arriving.offices.size === 0 ? await offices() : arriving.offices
    if (before !== forgotten) return
    arriving.offices = named
    Object.assign(arriving, { items: page.items, at: Date.now(), unreached: false, problem: null })
  } catch (error) {
    tell(error)
  } finally {
    arriving.busy = false
  }
}

/** Say "received" for a person; gives whether the server has it. */
export async function receive(caseId: string): Promise<boolean> {
  try {
    await brought(api.POST('/api/v1/cases/{case_id}/receipt', { params: { path: { case_id: caseId } } }))
    Object.assign(arriving, { items: arriving.items.filter((one) => one.case_id !== caseId), unreached: false, problem: null })
    return true
  } catch (error) {
    tell(error)
    return false
  }
}

/** Out of memory: the phone is locked. */
export function forgetArriving(): void {
  forgotten += 1
  Object.assign(arriving, { items: [], offices: new Map(), at: 0, unreached: false, problem: null })
}

async function offices(): Promise<Map<string, string>> {
  const page = await brought(api.GET('/api/v1/offices', { params: { query: { limit: MOST } } }))
  return new Map(page.items.map((one) => [one.id, one.name]))
}

function tell(error: unknown): void {
  if (error instanceof RefusedBy) Object.assign(arriving, { unreached: false, problem: error.problem })
  else if (error instanceof Unreached) Object.assign(arriving, { unreached: true, problem: null })
  else throw error
}
