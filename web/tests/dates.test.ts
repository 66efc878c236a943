import assert from 'node:assert/strict'
import { test } from 'node:test'

Object.assign(globalThis, { location: { origin: 'http://localhost' } }) // what a browser brings
const { i18n } = await import('../src/saying/i18n.ts')
const { dayIn, shortIn, weekdayIn } = await import('../src/saying/dates.ts')

test('a day is said in the language of the screen', () => {
  i18n.global.locale.value = 'zh'
  assert.deepEqual([dayIn('1999-11-27'), shortIn('1999-11-27')], ['1999年11月27日', '11/27'])
  i18n.global.locale.value = 'en'
  assert.deepEqual([dayIn('1999-11-27'), shortIn('1999-11-27')], ['27 November 1999', '27 Nov'])
})

test('where no day was given, a word says so, and no screen breaks on it', () => {
  for (const [language, word] of [['zh', '未填日期'], ['en', 'no day yet']] as const) {
    i18n.global.locale.value = language
    for (const none of ['', '2026-', '2026-13-45']) assert.deepEqual([dayIn(none), shortIn(none), weekdayIn(none)], [word, word, word])
  }
})
