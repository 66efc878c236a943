/** How its owner wants to be told: asked of the server and set there, never kept on the phone. */

import { api, brought } from '../api/client.ts'
import type { ContactSet, ContactWishes } from '../api/types-of.ts'

/** As they set it. Throws RefusedBy, Unreached. */
export async function wishes(): Promise<ContactWishes> {
  return brought(api.GET('/api/v1/me/contact'))
}

/** Set all of it anew. Throws RefusedBy, Unreached. */
export async function wish(given: ContactSet): Promise<ContactWishes> {
  return brought(api.PUT('/api/v1/me/contact', { body: given }))
}
