/** The way out of a screen: to where one came from, or to the day's list where the phone was opened right here. */

import type { Router } from 'vue-router'

/** So many screens back, where there was one before. Over once the other screen is there. */
export async function goBackOrToday(router: Router, screens: (before: string) => number = () => 1): Promise<void> {
  const before: unknown = window.history.state?.back
  const there = new Promise<void>((done) => {
    const stop = router.afterEach(() => {
      stop()
      done()
    })
  })
  if (typeof before === 'string') router.go(-screens(before))
  else void router.replace({ name: 'today' })
  await there
}
