/** The bar of the browser has the colour of the paper, by day and by night. */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf-8')

test('the colours of the theme are those of the tokens', () => {
  const papers = [...read('src/design/tokens.css').matchAll(/--paper: (#\w+)/g)].map(([, colour]) => colour)
  const bars = [...read('index.html').matchAll(/name="theme-color" content="(#\w+)"/g)].map(([, colour]) => colour)
  assert.equal(papers.length, 2)
  assert.deepEqual(bars, papers)
})
