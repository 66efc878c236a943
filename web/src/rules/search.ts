/**
 * Whom does somebody mean by what they typed? A name, its pinyin or initials, the end of a case code, or a village. Pure.
 *
 * Pinyin is given by whoever knows it: `readings` are the syllables of each character, several where it has several.
 */

import type { Carried } from './carried.ts'
import { villageIn } from './today.ts'

export interface Entry {
  id: string
  name: string
  village: string
  /** Without its hyphen; empty where it is not known. */
  code: string
  /** Of the name, and of the village: by character, its possible syllables. */
  name_readings: string[][]
  village_readings: string[][]
}

/** Which syllables a text may be read by, character by character; none for what has no pinyin. */
export type Read = (text: string, isName: boolean) => string[][]

const CODE_END = 2
const NOT_IN_NAMES = /[\s·•.・]/g

/** What of a person can be searched by. */
export function entryOf(person: Carried, code: string, read: Read): Entry {
  const { name, address } = person.person
  const village = villageIn(address)
  return {
    id: person.id,
    name: name.replace(NOT_IN_NAMES, '').toLowerCase(),
    village,
    code: code.replace('-', ''),
    name_readings: read(name.replace(NOT_IN_NAMES, ''), true).map(plain),
    village_readings: read(village, false).map(plain),
  }
}

/** Whether a person may be meant. An empty text means everybody. */
export function isMeant(entry: Entry, typed: string): boolean {
  const asked = typed.trim().toLowerCase().replace(NOT_IN_NAMES, '')
  if (asked === '') return true
  if (entry.name.includes(asked) || entry.village.includes(asked) || isCodeEnd(entry, asked)) return true
  const letters = plainly(asked.replace(/'/g, ''))
  return /^[a-z]+$/.test(letters) && [entry.name_readings, entry.village_readings].some((one) => isRead(one, letters))
}

/** Whether what was typed is how the code of a case ends; one sign is not enough to mean anybody. */
export function isCodeEnd(entry: Entry, typed: string): boolean {
  const asked = typed.trim().toUpperCase().replace(/[-\s]/g, '')
  return asked.length >= CODE_END && entry.code.endsWith(asked)
}

/** Whether the letters begin some character, and each of the next ones: zhangwei, zhw, zw, wei. */
function isRead(readings: readonly string[][], letters: string): boolean {
  return readings.some((_, at) => goesOn(readings, at, letters))
}

function goesOn(readings: readonly string[][], at: number, letters: string): boolean {
  if (letters === '') return true
  return (readings[at] ?? []).some((syllable) => {
    for (let taken = Math.min(sharedLength(syllable, letters), letters.length); taken > 0; taken--) {
      if (goesOn(readings, at + 1, letters.slice(taken))) return true
    }
    return false
  })
}

function sharedLength(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return at
}

function plain(syllables: string[]): string[] {
  return [...new Set(syllables.map((one) => plainly(one.toLowerCase())))]
}

/** ü is typed as v, as in every input method; in passports as yu. */
function plainly(letters: string): string {
  return letters.replace(/ü/g, 'v').replace(/([ln])yu/g, '$1v')
}
