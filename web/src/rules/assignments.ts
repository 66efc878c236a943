/** Who was asked to help whom, and whether they said "I know" (知悉); and whom somebody passed on. Pure. */

import type { Carried } from './carried.ts'
import type { Day } from './days.ts'
import { isTheirs } from './today.ts'

/** A chair in which somebody was seated. */
export interface Assignment {
  person: Carried
  role: string
  assigned_on: Day | null
  acknowledged_on: Day | null
}

/** A chair that somebody had, and what became of it. */
export interface Passed {
  person: Carried
  role: string
  on: Day
  /** Whom it went to; null where nobody sits there yet. */
  to: string | null
  /** Whether that one said that they know. */
  known: boolean
}

/** The chairs of somebody, those that wait for "I know" first, the newest first. */
export function assignmentsOf(people: Iterable<Carried>, handle: string): Assignment[] {
  const found = [...people].flatMap((person) =>
    person.team.chairs
      .filter((chair) => isTheirs(chair, [handle]) && !person.ended_on)
      .map((chair) => ({ person, role: chair.role, assigned_on: chair.assigned_on ?? null, acknowledged_on: chair.acknowledged_on ?? null })),
  )
  return found.sort((a, b) => Number(a.acknowledged_on !== null) - Number(b.acknowledged_on !== null) || later(a.assigned_on, b.assigned_on))
}

/** The chairs that somebody had, as far as the last events tell, and has no more; the newest first. */
export function passedOn(people: Iterable<Carried>, handle: string): Passed[] {
  return [...people].flatMap((person) => passedIn(person, handle)).sort((a, b) => later(a.on, b.on))
}

function passedIn(person: Carried, handle: string): Passed[] {
  const had = new Set<string>()
  const left = new Map<string, Day>()
  for (const { event, on, fields, voided } of person.events) {
    const role = fields?.role
    if (voided || typeof role !== 'string') continue
    if (event === 'helper_assigned' && fields?.helper === handle) {
      had.add(role)
      left.delete(role)
    } else if ((event === 'helper_assigned' || event === 'helper_released') && had.delete(role)) left.set(role, on)
  }
  return [...left].map(([role, on]) => {
    const chair = person.team.chairs.find((one) => one.role === role)
    return { person, role, on, to: chair?.helper ?? null, known: chair?.acknowledged_on !== undefined }
  })
}

function later(a: Day | null, b: Day | null): number {
  return (b ?? '').localeCompare(a ?? '')
}
