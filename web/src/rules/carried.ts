/** A case as the phone carries it: the server leaves out what is empty, and screens should not have to ask. */

import type { Move, Owed, PastEvent, SyncPage } from '../api/types-of.ts'
import type { Day } from './days.ts'

type Sent = SyncPage['cases'][number]
type With<T, K extends keyof T> = T & { [P in K]-?: NonNullable<T[P]> }

export type Obligation = With<Owed, 'kind' | 'occurrence' | 'opens_on' | 'due_on' | 'owner'>
export type Happened = With<PastEvent, 'event' | 'on'>
export type Offered = With<Move, 'event'>
export type Chair = With<NonNullable<NonNullable<Sent['team']>['chairs']>[number], 'role'>
export interface Stay {
  stage: string
  on: Day
}

export interface Carried extends Omit<Sent, 'obligations' | 'moves' | 'events' | 'team' | 'way' | 'person'> {
  id: string
  version: number
  policy: string
  stage: string
  person: { id: string; name: string; born: Day | ''; phones: string[]; address: string }
  way: Stay[]
  team: { chairs: Chair[]; empty: string[]; waived: string[] }
  obligations: Obligation[]
  moves: Offered[]
  events: Happened[]
}

/** What the server sent of a case, with the empty parts put back. */
export function carried(sent: Sent): Carried {
  return {
    ...sent,
    id: sent.id ?? '',
    version: sent.version ?? 0,
    policy: sent.policy ?? '',
    stage: sent.stage ?? '',
    person: { id: '', name: '', born: '', phones: [], address: '', ...sent.person },
    way: (sent.way ?? []) as Stay[],
    team: { chairs: [], empty: [], waived: [], ...sent.team } as Carried['team'],
    obligations: (sent.obligations ?? []) as Obligation[],
    moves: (sent.moves ?? []) as Offered[],
    events: (sent.events ?? []) as Happened[],
  }
}
