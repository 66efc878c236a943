/** How far from its last day something was told, as the rung says it (`workflow/rules/ladder.py`). Pure. */

export type Rung = { sort: 'opening' | 'today' | 'at_once'; days: 0 } | { sort: 'before' | 'after'; days: number }

/** `opening`, `-7`, `0`, `+14`, `at_once`. */
export function rungOf(label: string): Rung {
  if (label === 'opening' || label === 'at_once') return { sort: label, days: 0 }
  const days = Number(label)
  if (days === 0) return { sort: 'today', days }
  return { sort: days < 0 ? 'before' : 'after', days: Math.abs(days) }
}

/** Things of the same day together, in their order. */
export function byDay<T extends { on?: string }>(told: readonly T[]): { on: string; items: T[] }[] {
  const days = new Map<string, T[]>()
  for (const one of told) days.set(one.on ?? '', [...(days.get(one.on ?? '') ?? []), one])
  return [...days].map(([on, items]) => ({ on, items }))
}
