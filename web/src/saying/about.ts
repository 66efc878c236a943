/** Who somebody is, in a line: how old, in which stage, from where. */

import { labelOf } from '../local/cases.ts'
import { today } from '../local/contact.ts'
import type { Carried } from '../rules/carried.ts'
import { ageOn } from '../rules/days.ts'
import { villageIn } from '../rules/today.ts'
import { i18n, said } from './i18n.ts'

/** The stage in which somebody is. */
export function stageIn(person: Carried): string {
  return said(labelOf('stages', person.stage), person.stage)
}

/** Age and village, with what else there is to say; what is not known is left out. */
export function aboutIn(person: Carried, ...more: string[]): string {
  const { born, address } = person.person
  const age = born && i18n.global.t('people.age', { years: ageOn(born, today()) })
  return [age, ...more, villageIn(address)].filter(Boolean).join(' · ')
}
