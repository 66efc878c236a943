/** Over every form of the server, as tests/web/test_rules.py hands them over; what is filled in here goes back to it. */

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'

import type { Form } from '../src/api/types-of.ts'
import { askedOf, unfolded } from '../src/forms/asking.ts'
import { faultsOf, fieldsOf, initialOf, sentOf, type Data, type Field, type Value } from '../src/rules/fields.ts'
import { carried } from '../src/rules/carried.ts'
import { chosenFor, groupOf } from '../src/rules/choosing.ts'

const { GUITU_FORMS, GUITU_FILLED } = process.env
const forms = (GUITU_FORMS ? JSON.parse(readFileSync(GUITU_FORMS, 'utf8')) : []) as Form[]
const skip = forms.length === 0 && 'the forms are handed over by pytest'
const byEvent = new Map(forms.map((form) => [form.event, form]))
const person = carried({ id: '甲', moves: forms.map((form) => ({ event: form.event })) })

const VALUES: Record<Field['sort'], Value> = {
  text: '甲', long: ' 在家，情绪平稳 \u0000', day: '2026-11-27', instant: '2026-11-27T15:04:00+08:00', truth: true, number: 12,
  choice: '甲', texts: ['甲', '', '乙'], strange: null,
}

function filled(fields: readonly Field[], isMeant: (field: Field) => boolean): Data {
  const values = fields.filter(isMeant).map((field) => [field.name, field.choices.at(-1)?.value ?? VALUES[field.sort]] as const)
  const texts = fields.filter((field) => field.sort === 'texts' && isMeant(field)).map((field) => [field.name, VALUES.texts] as const)
  return initialOf(fields, Object.fromEntries([...values, ...texts]))
}

test('every field of every form is drawn, and has a name in both languages', { skip }, () => {
  for (const form of forms) {
    for (const field of fieldsOf(form.form)) {
      assert.notEqual(field.sort, 'strange', `${form.event} ${field.name}`)
      assert.ok(field.label.zh && field.label.en && field.label.zh !== field.name, `${form.event} ${field.name}`)
      assert.ok(field.choices.every((each) => each.label.zh !== each.value), `${form.event} ${field.name}`)
    }
  }
})

test('every record is looked for in one place, and none is left among the others', { skip }, () => {
  const chosen = chosenFor(person, {}, byEvent, '2026-11-27')
  const events = [...chosen.usual, ...chosen.settling, ...chosen.groups.flatMap((each) => each.records)].map((one) => one.form.event)
  assert.deepEqual(events.sort(), [...byEvent.keys()].sort())
  assert.deepEqual(forms.filter((form) => groupOf(form) === 'others' && !chosen.usual.some((one) => one.form === form)).map((form) => form.event), [])
})

test('what a form needs is said to be needed; filled in, nothing is wrong with it', { skip }, () => {
  const sent = forms.flatMap((form) => {
    const fields = fieldsOf(form.form)
    const needed = fields.filter((field) => field.needed && field.initial === null).map((field) => field.name)
    assert.deepEqual([...faultsOf(fields, initialOf(fields)).keys()], needed, form.event)
    return [filled(fields, (field) => field.needed), filled(fields, () => true)].map((data) => {
      assert.equal(faultsOf(fields, data).size, 0, form.event)
      return { event: form.event, data: sentOf(fields, data) }
    })
  })
  if (GUITU_FILLED) writeFileSync(GUITU_FILLED, JSON.stringify(sent))
})

test('no field that the phone knows is asked, and none is asked twice', { skip }, () => {
  for (const form of forms) {
    const move = { event: form.event }
    const kindLabel = (kind: string) => ({ zh: kind, en: kind })
    const asked = askedOf({ form, forms: byEvent, person, move, rules: {}, on: '2026-11-27', given: {}, kindLabel, helpers: {}, needs: [], offices: [], packs: [] })
    const names = [...asked.main, ...asked.more].map((field) => field.name)
    assert.equal(new Set(names).size, names.length, form.event)
    assert.ok(!(form.event === 'test_taken' && names.includes('test_id')))
    const missing = fieldsOf(form.form).filter((field) => field.needed && !names.includes(field.name)).map((field) => field.name)
    assert.deepEqual(missing, form.event === 'test_taken' ? ['test_id'] : form.event === 'obligation_excused' ? ['kind', 'occurrence'] : [], form.event)
  }
})

test('one thing owed is both its kind and its occurrence', () => {
  assert.deepEqual(unfolded({ owed: 'visit m1/w03', reason: '住院' }), { reason: '住院', kind: 'visit', occurrence: 'm1/w03' })
  assert.deepEqual(unfolded({ note: '在家' }), { note: '在家' })
})
