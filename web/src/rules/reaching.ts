/** How the phone's own apps call somebody and show the way to them; nothing of it is fetched by us. Pure. */

/** What a telephone dials: the digits alone. */
export function dialled(number: string): string {
  return `tel:${number.replace(/[^\d+*#]/g, '')}`
}

/** What opens an address in the phone's own maps; null where there are none, as on a desk. Only the address goes along. */
export function onMap(address: string, userAgent: string): string | null {
  const place = encodeURIComponent(address)
  if (/android|harmony/i.test(userAgent)) return `geo:0,0?q=${place}`
  return /iphone|ipad|macintosh/i.test(userAgent) ? `https://maps.apple.com/?q=${place}` : null
}
