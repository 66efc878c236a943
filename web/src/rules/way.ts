/** The way of a person as a picture: which stretches it has, where they lie on a line of a given width, and where today is. Pure. */

import type { Carried } from './carried.ts'
import { addDays, daysBetween, type Day } from './days.ts'

/** How a stretch is drawn; each is told from the others by its pattern, not by its colour. */
export type Sort = 'begun' | 'ordered' | 'community' | 'paused' | 'inside' | 'away' | 'recovery' | 'follow' | 'term' | 'after'

const SORTS: Readonly<Record<string, Sort>> = {
  community_ordered: 'ordered',
  recovery_ordered: 'ordered',
  community_detox: 'community',
  community_suspended: 'paused',
  recovery_suspended: 'paused',
  isolation: 'inside',
  serving_sentence: 'inside',
  isolation_medical: 'away',
  isolation_escaped: 'away',
  recovery: 'recovery',
  follow_up: 'follow',
}
const ENDS = ['exited', 'closed']
/** A line that nobody can tell the end of goes on for so long after today. */
const OPEN_DAYS = 180

export interface Stretch {
  /** Empty for what lies ahead: how the term is gone through, and what comes then, has not happened. */
  stage: string
  sort: Sort
  from: Day
  /** The day on which the next one begins. */
  to: Day
  days: number
}

export interface Way {
  past: Stretch[]
  ahead: Stretch[]
  today: Day
  /** The day on which control ends, or the case ended; null where nobody can tell yet. */
  goal: Day | null
  ended: boolean
}

export interface Placed extends Stretch {
  x: number
  width: number
}

/** The stretches of somebody's way until today, and what is ahead until the exit. */
export function wayOf(person: Carried, today: Day): Way {
  const ended = person.ended_on !== undefined
  const until = person.ended_on ?? today
  const stays = person.way.filter((stay) => !ENDS.includes(stay.stage) && stay.on <= until)
  const past = stays.map((stay, at) => stretch(stay.stage, stay.on, stays[at + 1]?.on ?? atLeast(stay.on, until)))
  const goal = person.ended_on ?? person.exit_on ?? null
  return { past, ahead: ended ? [] : aheadOf(person, today, goal), today, goal, ended }
}

function aheadOf(person: Carried, today: Day, goal: Day | null): Stretch[] {
  const last = person.ends_on
  const termEnds = last && last >= today ? addDays(last, 1) : today
  const found = [between('term', today, termEnds)]
  found.push(between('after', termEnds, goal ?? atLeast(termEnds, addDays(today, OPEN_DAYS))))
  return found.filter((one) => one.days > 0)
}

function stretch(stage: string, from: Day, to: Day): Stretch {
  return { ...between(SORTS[stage] ?? 'begun', from, to), stage }
}

function between(sort: Sort, from: Day, to: Day): Stretch {
  return { stage: '', sort, from, to, days: daysBetween(from, to) }
}

function atLeast(a: Day, b: Day): Day {
  return a > b ? a : b
}

/** Where each lies on a line of that width: as long as it lasted, but never too short to be seen. */
export function laidOut(way: Way, width: number, least: number): Placed[] {
  const all = [...way.past, ...way.ahead]
  const widths = shares(all.map((one) => Math.max(one.days, 0)), width, least)
  let x = 0
  return all.map((one, at) => {
    const placed = { ...one, x, width: widths[at] ?? 0 }
    x += placed.width
    return placed
  })
}

/** A width for each number of days; what would be shorter than `least` gets that, and the others share the rest. */
function shares(days: number[], width: number, least: number): number[] {
  const small = new Set<number>()
  for (;;) {
    const rest = width - small.size * least
    const total = days.reduce((sum, each, at) => sum + (small.has(at) ? 0 : each), 0)
    const widths = days.map((each, at) => (small.has(at) ? least : (each / (total || 1)) * rest))
    const short = widths.findIndex((each, at) => !small.has(at) && each < least)
    if (short < 0) return widths
    small.add(short)
  }
}

/** Where a day lies on that line; null where it lies beside it. */
export function placeOf(placed: readonly Placed[], day: Day): number | null {
  const on = placed.find((one) => one.from <= day && day < one.to)
  if (on) return on.x + (daysBetween(on.from, day) / on.days) * on.width
  const last = placed[placed.length - 1]
  return last && last.to === day ? last.x + last.width : null
}

/** The firsts of January that the line passes, no two of them nearer than `gap`. */
export function yearsOn(placed: readonly Placed[], gap: number): { year: string; x: number }[] {
  const first = placed[0]?.from.slice(0, 4)
  const last = placed[placed.length - 1]?.to.slice(0, 4)
  const found: { year: string; x: number }[] = []
  for (let year = Number(first) + 1; year <= Number(last); year += 1) {
    const x = placeOf(placed, `${year}-01-01`)
    if (x !== null && x - (found[found.length - 1]?.x ?? -Infinity) >= gap) found.push({ year: String(year), x })
  }
  return found
}
