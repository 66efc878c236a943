/** Which version of Guitu this client belongs to; put in when it is built. */
declare const __GUITU_VERSION__: string

export const version = __GUITU_VERSION__
