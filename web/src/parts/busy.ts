/** Whether what was tapped is still being done; whatever becomes of it, it can be tapped again afterwards. */

import { shallowRef } from 'vue'

import { full, ifRoom } from '../local/storage.ts'

export function useBusy() {
  const busy = shallowRef(false)
  full.value = false // what another screen found no room for was said there

  /** Do something that nothing else of this screen may cross. Where the phone has no room for it, `full` says so. */
  async function during(work: () => Promise<unknown>): Promise<void> {
    if (busy.value) return
    busy.value = true
    try {
      await ifRoom(work)
    } finally {
      busy.value = false
    }
  }

  return { busy, during }
}
