/** Words of the screen. */

export const zh = {}

export const en: typeof zh = {}
