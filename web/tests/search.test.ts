import assert from 'node:assert/strict'
import { test } from 'node:test'

import { carried } from '../src/rules/carried.ts'
import { codeOf } from '../src/rules/codes.ts'
import { entryOf, isMeant } from '../src/rules/search.ts'
import { readings } from '../src/local/readings.ts'

const CODE = 'R7M2T-9X4D3'

function meant(name: string, typed: string, address = ''): boolean {
  return isMeant(entryOf(carried({ id: '1', person: { name, address } }), CODE, readings), typed)
}

test('a name is found by its characters, its pinyin, its initials, and by any mix of them', () => {
  for (const typed of ['杜铁柱', '铁柱', 'dutiezhu', 'DU TIE', 'dtz', 'dtzhu', 'tiezhu', 'zhu', '']) assert.ok(meant('杜铁柱', typed), typed)
  for (const typed of ['铁杜', 'zhudu', 'dz', 'dutieh', 'x']) assert.ok(!meant('杜铁柱', typed), typed)
})

test('a surname is read as a surname, and as people misread it', () => {
  assert.ok(meant('单小红', 'shanxiaohong') && meant('单小红', 'dan'))
  assert.ok(meant('曾海', 'zeng') && meant('仇明', 'qiu') && meant('解珍', 'xie') && meant('查良', 'zha'))
  assert.ok(meant('欧阳单', 'ouyangdan') && meant('尉迟恭', 'yuchi'))
})

test('ü is typed as v or as yu', () => {
  assert.ok(meant('吕芳', 'lv') && meant('吕芳', 'lyufang') && meant('吕芳', 'lü'))
})

test('a name with a dot in it, or in letters, is found too', () => {
  assert.ok(meant('买买提·艾力', '买买提艾力') && meant('买买提·艾力', 'mmtal') && meant('Anna Li', 'annali'))
})

test('a village is found by its name and its pinyin', () => {
  assert.ok(meant('杜铁柱', '石板', '云溪镇石板社区75号') && meant('杜铁柱', 'shibansq', '云溪镇石板社区75号'))
})

test('a case is found by the end of its code, but one sign means nobody', () => {
  for (const typed of ['9X4D3', '9x4d3', 'd3', 'R7M2T-9X4D3', 'r7m2t9x4d3']) assert.ok(meant('杜铁柱', typed), typed)
  for (const typed of ['3', '9X4D', 'R7M2T']) assert.ok(!meant('杜铁柱', typed), typed)
})

test('the phone gives a case the code that the server gives it', async () => {
  assert.equal(await codeOf('01938f00-0000-7000-8000-00000000c0de'), 'M8P6V-4J9X5')
})
