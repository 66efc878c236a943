/** What the screens say, Chinese first; each room's words stand in a file of their own, both languages side by side. */

import { createI18n } from 'vue-i18n'

import { speakIn } from '../api/client.ts'
import type { Form, Label } from '../api/types-of.ts'
import { keepState, stateOf } from '../local/database.ts'
import * as door from '../words/door.ts'
import * as hand from '../words/hand.ts'
import * as mine from '../words/mine.ts'
import * as notices from '../words/notices.ts'
import * as people from '../words/people.ts'
import * as person from '../words/person.ts'
import * as queue from '../words/queue.ts'
import * as record from '../words/record.ts'
import * as shell from '../words/shell.ts'
import * as today from '../words/today.ts'
import * as why from '../words/why.ts'

export type Language = 'zh' | 'en'

const parts = { door, hand, mine, notices, people, person, queue, record, shell, today, why }
type Part = keyof typeof parts

function all<L extends Language>(language: L): { [P in Part]: (typeof parts)[P][L] } {
  const said = Object.entries(parts).map(([name, part]) => [name, part[language]])
  return Object.fromEntries(said) as { [P in Part]: (typeof parts)[P][L] }
}

export const i18n = createI18n({
  legacy: false,
  locale: 'zh',
  fallbackLocale: 'zh',
  messages: { zh: all('zh'), en: all('en') },
})

/** The language that its owner chose on this phone; else the phone's own, Chinese where it is neither. */
export async function loadLanguage(): Promise<void> {
  const own = navigator.language.toLowerCase().startsWith('en') ? 'en' : 'zh'
  turnTo((await stateOf<Language>('language')) ?? own)
}

export async function chooseLanguage(language: Language): Promise<void> {
  turnTo(language)
  await keepState('language', language)
}

function turnTo(language: Language): void {
  i18n.global.locale.value = language
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  speakIn(document.documentElement.lang)
}

/** A label from the server in the language of the screen. */
export function said(label: Label | null | undefined, code = ''): string {
  return label?.[i18n.global.locale.value] ?? code
}

interface Named {
  'x-label'?: Label
  'x-choices'?: Record<string, Label>
}

function namedIn(form: Form | undefined, field: string): Named | undefined {
  return (form?.form.properties as Record<string, Named> | undefined)?.[field]
}

/** What a field of a form is called. */
export function fieldIn(form: Form | undefined, field: string): string {
  return said(namedIn(form, field)?.['x-label'], field)
}

/** What one of its choices is called. */
export function choiceIn(form: Form | undefined, field: string, value: string): string {
  return said(namedIn(form, field)?.['x-choices']?.[value], value)
}
