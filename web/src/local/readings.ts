/** How names are read (拼音): as large as all the rest of the client, so it is fetched once somebody searches. */

import { pinyin } from 'pinyin-pro'

const HAN = /\p{Script=Han}/u

/** The syllables of each character: as it stands in the text, surnames as surnames; and every way in which people may read it. */
export function readings(text: string, isName: boolean): string[][] {
  if (!HAN.test(text)) return [...text.toLowerCase()].map((letter) => [letter])
  const plain = { toneType: 'none', type: 'array' } as const
  const usual = pinyin(text, plain)
  const asName = isName ? pinyin(text, { ...plain, mode: 'surname', surname: 'head' }) : usual
  return [...text].map((letter, at) => [asName[at] ?? letter, usual[at] ?? letter, ...pinyin(letter, { ...plain, multiple: true })])
}
