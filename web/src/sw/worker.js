/**
 * What does the phone open without a signal, and what does it show when it is told something?
 *
 * precached.ts writes this file to /app/sw.js with the two constants that it begins with there:
 * VERSION, a hash of all that was built, and FILES, their addresses. Nothing under /api/ passes
 * through here: records are kept by src/local, encrypted, and never in a cache of the browser.
 */
/* global FILES, VERSION */
const HOME = '/app/'
const KEPT = 'shell-'
const SHELL = KEPT + VERSION

self.addEventListener('install', (event) => event.waitUntil(keepFiles()))
self.addEventListener('activate', (event) => event.waitUntil(takeOver()))
self.addEventListener('message', (event) => {
  if (event.data === 'skip') self.skipWaiting()
})
self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url)
  const ours = origin === self.location.origin && pathname.startsWith(HOME)
  if (event.request.method === 'GET' && ours) event.respondWith(answer(event.request))
})
self.addEventListener('push', (event) => event.waitUntil(tell(event.data?.json() ?? {})))
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(openHome())
})

/** All files or none: where one is missing, the version before stays. */
async function keepFiles() {
  const shell = await caches.open(SHELL)
  await shell.addAll(FILES)
}

/** Older versions go, and the pages that are open belong to this one. */
async function takeOver() {
  const old = (await caches.keys()).filter((name) => name.startsWith(KEPT) && name !== SHELL)
  await Promise.all(old.map((name) => caches.delete(name)))
  await self.clients.claim()
}

/** Whatever page of the client is asked for, it is the one page; what is not kept, the server has. */
async function answer(request) {
  const shell = await caches.open(SHELL)
  const kept = await shell.match(request.mode === 'navigate' ? HOME : request)
  return kept ?? fetch(request)
}

/** The server's sentence, which names nobody, as it stands. */
async function tell({ title = '归途', body = '' }) {
  await self.registration.showNotification(title, { body, icon: `${HOME}icon-192.png`, tag: 'guitu' })
}

/** The page that is open already, else a new one. */
async function openHome() {
  const open = await self.clients.matchAll({ type: 'window' })
  const page = open.find((each) => new URL(each.url).pathname.startsWith(HOME))
  await (page ? page.focus() : self.clients.openWindow(HOME))
}
