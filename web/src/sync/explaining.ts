/** The whole reason of an obligation, as the server reckons it; there is none without a signal. */

import { api, brought } from '../api/client.ts'
import type { Label } from '../api/types-of.ts'
import type { Obligation } from '../rules/carried.ts'

const MOST = 200

export interface Explained {
  why: Label
  told_because: Label
}

/** Why it is owed and why its helper is told; null where the server cannot be reached, or will not say. */
export async function explained(caseId: string, owed: Obligation): Promise<Explained | null> {
  const params = { path: { case_id: caseId }, query: { limit: MOST } }
  try {
    const page = await brought(api.GET('/api/v1/cases/{case_id}/obligations', { params }))
    return (page.items.find((one) => one.kind === owed.kind && one.occurrence === owed.occurrence) as Explained | undefined) ?? null
  } catch {
    return null
  }
}
