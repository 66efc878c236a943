/** A batch that is being written: sealed as it grows, so that a killed tab takes nothing of it. */

import type { Data } from '../forms/fields.ts'
import { database, keepState, stateOf, type Sealed } from './database.ts'
import { openedOr } from './opening.ts'
import { isOpen, seal, unseal } from './vault.ts'

export interface Batch {
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

export async function keepBatch(batch: Batch): Promise<void> {
  if (isOpen()) await keepState(NAME, await seal(NAME, batch))
}

export async function batchKept(): Promise<Batch | null> {
  const sealed = await stateOf<Sealed>(NAME)
  return sealed ? openedOr(() => unseal<Batch>(NAME, sealed)) : null
}

export async function dropBatch(): Promise<void> {
  await database.state.delete(NAME)
}
