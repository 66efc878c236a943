/** How the list of everybody is narrowed: as one left it, until the phone locks. In memory alone: never in the address. */

import { reactive } from 'vue'

export const narrowed = reactive({ typed: '', stage: '' })

export function forgetNarrowing(): void {
  Object.assign(narrowed, { typed: '', stage: '' })
}
