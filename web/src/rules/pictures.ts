/** How large a photo is kept: enough to read a page, little enough for a slow line. Pure. */

export const LONGEST_EDGE = 1600
export const MOST_BYTES = 400 * 1024

export interface Try {
  width: number
  height: number
  quality: number
}

const QUALITIES = [0.85, 0.75, 0.65, 0.55] as const
const SMALLER = 0.75
const ROUNDS = 4

/** What to try one after the other until it is small enough: first at less quality, then at a smaller size. */
export function triesFor(width: number, height: number): Try[] {
  const fit = Math.min(1, LONGEST_EDGE / Math.max(width, height))
  const scales = Array.from({ length: ROUNDS }, (_, round) => fit * SMALLER ** round)
  return scales.flatMap((scale) => QUALITIES.map((quality) => ({ width: scaled(width, scale), height: scaled(height, scale), quality })))
}

function scaled(length: number, scale: number): number {
  return Math.max(1, Math.round(length * scale))
}
