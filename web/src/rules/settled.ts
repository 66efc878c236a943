/** What will be settled once the acts that wait on a phone have arrived. Pure. */

import type { Carried, Obligation } from './carried.ts'
import { withActs, type Act, type Rules } from './closing.ts'

/** The name of an obligation within its case. */
export function keyOf(owed: Obligation): string {
  return `${owed.kind} ${owed.occurrence}`
}

/** The obligations of a person, by `keyOf`, that these acts settle, in the order in which they were written down. */
export function settledBy(person: Carried, rules: Rules, acts: readonly Act[]): Set<string> {
  const then = withActs(person, rules, acts).obligations
  return new Set(then.filter((owed, at) => owed.closed_on !== person.obligations[at]?.closed_on).map(keyOf))
}
