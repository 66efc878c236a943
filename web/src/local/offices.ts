/** To which offices somebody may move: fetched when a form asks for one, and kept for when there is no signal. */

import { shallowRef } from 'vue'

import { api, brought, RefusedBy, Unreached } from '../api/client.ts'
import { keepState, stateOf, type Sealed } from './database.ts'
import { openedOr } from './opening.ts'
import { seal, unseal } from './vault.ts'

export interface Office {
  id: string
  name: string
  place: string
}

const NAME = 'offices'
const PAGE = 200

export const offices = shallowRef<Office[]>([])

/** What is kept at once, and what the server says as soon as it can be asked. */
export async function prepareOffices(): Promise<void> {
  const sealed = await stateOf<Sealed>(NAME)
  if (sealed) offices.value = (await openedOr(() => unseal<Office[]>(NAME, sealed))) ?? []
  try {
    offices.value = await fetched()
    await keepState(NAME, await seal(NAME, offices.value))
  } catch (error) {
    if (!(error instanceof Unreached || error instanceof RefusedBy)) throw error
  }
}

async function fetched(): Promise<Office[]> {
  const found: Office[] = []
  for (let cursor: string | null = null; ; ) {
    const query = { limit: PAGE, ...(cursor ? { cursor } : {}) }
    const page: Awaited<ReturnType<typeof asked>> = await asked(query)
    found.push(...page.items.map((one) => ({ id: one.id, name: one.name, place: one.division_name })))
    cursor = page.next ?? null
    if (!cursor) return found
  }
}

function asked(query: { limit: number; cursor?: string }) {
  return brought(api.GET('/api/v1/offices', { params: { query } }))
}
