import assert from 'node:assert/strict'
import { test } from 'node:test'

import { dialled, onMap } from '../src/rules/reaching.ts'

test('a telephone dials digits, whatever stands between them', () => {
  assert.equal(dialled('138-0000 0000'), 'tel:13800000000')
  assert.equal(dialled('+86 (0)571 8800'), 'tel:+8605718800')
})

test('each phone opens its own maps, and the address cannot end the link', () => {
  const address = '东坪社区58号 #2&x=1'
  const encoded = '%E4%B8%9C%E5%9D%AA%E7%A4%BE%E5%8C%BA58%E5%8F%B7%20%232%26x%3D1'
  assert.equal(onMap(address, 'Mozilla/5.0 (Linux; Android 12; SM-A125F)'), `geo:0,0?q=${encoded}`)
  assert.equal(onMap(address, 'Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1'), `geo:0,0?q=${encoded}`)
  assert.equal(onMap(address, 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0)'), `https://maps.apple.com/?q=${encoded}`)
})

test('a desk has no maps of its own', () => {
  assert.equal(onMap('东坪社区', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)'), null)
})
