import type { Plugin } from 'vite'
/** stand-in */
export function precached(): Plugin { return { name: 'guitu-precached' } }
