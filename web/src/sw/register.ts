/**
 * Does the client open without a signal here, and when does a new version take over?
 *
 * A new version waits until somebody says so: `onUpdate` is given the sentence's button. Taking it
 * makes each open page of the client load once more; what is queued and drafted lies in the
 * database and not in the page. Off localhost browsers allow workers on HTTPS only; without one
 * the client works, with a signal.
 */
const HOUR = 3_600_000

export async function registerWorker(onUpdate: (take: () => void) => void): Promise<void> {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return
  loadOnceWhenTaken()
  const found = await navigator.serviceWorker.register(`${import.meta.env.BASE_URL}sw.js`)
  const offer = (worker: ServiceWorker): void => onUpdate(() => worker.postMessage('skip'))
  if (found.waiting) offer(found.waiting)
  found.addEventListener('updatefound', () => {
    const coming = found.installing
    coming?.addEventListener('statechange', () => {
      if (coming.state === 'installed' && navigator.serviceWorker.controller) offer(coming)
    })
  })
  askNowAndThen(found)
}

/** The first worker of all takes over a page that is as new as itself: nothing to load. */
function loadOnceWhenTaken(): void {
  const workers = navigator.serviceWorker
  let before = workers.controller
  let loading = false
  workers.addEventListener('controllerchange', () => {
    if (before && !loading) {
      loading = true
      location.reload()
    }
    before = workers.controller
  })
}

/** A client that stays open for days is never loaded anew, so it asks when it is looked at. */
function askNowAndThen(found: ServiceWorkerRegistration): void {
  let asked = Date.now()
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - asked < HOUR) return
    asked = Date.now()
    found.update().catch(() => undefined) // no signal: it asks another time
  })
}
