/** A batch that is being written: sealed as it grows, so that a killed tab takes nothing of it. */

import type { Data } from '../rules/fields.ts'
import { people } from './cases.ts'
import { database, keepState, stateOf, type Sealed } from './database.ts'
import { mustBeHere, remember } from './drafts.ts'
import { openedOr } from './opening.ts'
import { isOpen, seal, unseal } from './vault.ts'

export interface Batch {
  id: string
  event: string
  on: string
  time: string
  /** The same for all. */
  data: Data
  ticked: string[]
  /** What is different for one of them. */
  own: Record<string, Data>
}

const NAME = 'batch'

interface Kept extends Sealed {
  id: string
}

/** Keep it as it stands. Throws Elsewhere where another tab finished it. */
export async function keepBatch(batch: Batch): Promise<void> {
  if (!isOpen()) return
  const kept: Kept = { id: batch.id, ...(await seal(NAME, batch)) }
  await database.transaction('rw', database.state, async () => {
    await batchMustBeHere(batch.id)
    await keepState(NAME, kept)
  })
  remember(batch.id)
}

/** Throws Elsewhere where this tab knew it, and another one finished it. */
export async function batchMustBeHere(id: string): Promise<void> {
  mustBeHere(id, (await stateOf<Kept>(NAME))?.id === id)
}

export async function batchKept(): Promise<Batch | null> {
  const sealed = await stateOf<Sealed>(NAME)
  const kept = sealed ? await openedOr(() => unseal<Batch>(NAME, sealed)) : null
  if (!kept) return null
  remember(kept.id)
  return withoutWhoLeft(kept)
}

/** What was ticked and said for somebody who left the phone goes with them, from the disk too. */
async function withoutWhoLeft(batch: Batch): Promise<Batch> {
  const left = new Set([...batch.ticked, ...Object.keys(batch.own)].filter((id) => !people.has(id)))
  if (left.size === 0) return batch
  const own = Object.fromEntries(Object.entries(batch.own).filter(([id]) => !left.has(id)))
  const rest = { ...batch, own, ticked: batch.ticked.filter((id) => !left.has(id)) }
  await keepBatch(rest)
  return rest
}

export async function dropBatch(): Promise<void> {
  await database.state.delete(NAME)
}
