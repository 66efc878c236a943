/** Which civil day it is, and how far days lie apart. Days are texts, `2026-11-27`, in Asia/Shanghai as everywhere in Guitu. */

export type Day = string

const DAY_MS = 86_400_000
const SHANGHAI_MS = 8 * 3_600_000 // no summer time since 1991

/** The civil day in Asia/Shanghai at an instant (ms since 1970). */
export function civilDay(instant: number): Day {
  return new Date(instant + SHANGHAI_MS).toISOString().slice(0, 10)
}

/** So many days after a day (before it where negative). */
export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)
}

/** How many days from one day to another; negative where the other is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)
}

/** The time of day in Asia/Shanghai, `15:04`. */
export function timeOfDay(instant: number): string {
  return new Date(instant + SHANGHAI_MS).toISOString().slice(11, 16)
}

/** Age in full years on a day. */
export function ageOn(born: Day, on: Day): number {
  const years = Number(on.slice(0, 4)) - Number(born.slice(0, 4))
  return on.slice(5) < born.slice(5) ? years - 1 : years
}
