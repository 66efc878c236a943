/** What somebody began to write down and has not finished: kept at every key, so that a killed tab takes nothing. */

import { v7 as uuid7 } from 'uuid'

import { database } from './database.ts'
import { seal, unseal } from './vault.ts'

export interface Draft {
  id: string
  case_id: string
  event: string
  happened_on: string
  data: Record<string, unknown>
  changed_at: number
}

export function newDraft(caseId: string, event: string, happenedOn: string): Draft {
  return { id: uuid7(), case_id: caseId, event, happened_on: happenedOn, data: {}, changed_at: Date.now() }
}

export async function keepDraft(draft: Draft): Promise<void> {
  const kept = { ...draft, changed_at: Date.now() }
  await database.drafts.put({ id: draft.id, case_id: draft.case_id, sealed: await seal(`draft ${draft.id}`, kept) })
}

/** The drafts about a person, or all, the latest first. */
export async function drafts(caseId?: string): Promise<Draft[]> {
  const rows = caseId ? await database.drafts.where('case_id').equals(caseId).toArray() : await database.drafts.toArray()
  const opened = await Promise.all(rows.map((row) => unseal<Draft>(`draft ${row.id}`, row.sealed)))
  return opened.sort((a, b) => b.changed_at - a.changed_at)
}

export async function dropDraft(id: string): Promise<void> {
  await database.drafts.delete(id)
}
