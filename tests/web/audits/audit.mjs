/**
 * Lighthouse's phone preset over the client, without a network: the door as somebody meets it for the first time, and
 * the day's list as a snapshot, once they are in. Prints one JSON: scores of 100 by screen and category, and whatever
 * is short of a full score.
 *
 *     node audit.mjs ADDRESS HANDLE PASSWORD PIN CHROMIUM
 */
import { snapshot, startFlow } from 'lighthouse'
import puppeteer from 'puppeteer-core'

const [address, handle, password, pin, executablePath] = process.argv.slice(2)
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync', '--lang=zh-CN']
const UNMEASURED = 3
const ONLY = ['performance', 'accessibility', 'best-practices']

const browser = await puppeteer.launch({ executablePath, args: ARGS, headless: true })
try {
  const page = await browser.newPage()
  const door = await startFlow(page, { config: { extends: 'lighthouse:default', settings: { onlyCategories: ONLY } } })
  await door.navigate(`${address}/app/`)
  const first = (await door.createFlowResult()).steps[0].lhr
  await signIn(page)
  const today = (await snapshot(page, { flags: { onlyCategories: ONLY.slice(1) } })).lhr
  console.log(JSON.stringify({ door: told(first), today: told(today) }))
} finally {
  await browser.close()
}

async function signIn(page) {
  await page.waitForSelector('[name=handle]')
  await page.type('[name=handle]', handle)
  await page.type('[name=password]', password)
  await page.click('[type=submit]')
  for (let round = 0; round < 2; round += 1) {
    await page.waitForSelector('.keys')
    for (const digit of pin) await page.keyboard.press(digit)
    await new Promise((done) => setTimeout(done, 200))
  }
  await page.waitForSelector('nav.tabs')
  await page.waitForSelector('h3')
}

function told(report) {
  const unmeasured = Object.values(report.categories).some((each) => each.score === null)
  if (unmeasured) process.exit(UNMEASURED) // the machine was too busy for a trace: not a verdict
  const scores = Object.fromEntries(Object.values(report.categories).map((each) => [each.id, Math.round(each.score * 100)]))
  const named = Object.values(report.categories).flatMap((each) => each.auditRefs.filter((ref) => ref.weight > 0).map((ref) => ref.id))
  const short = [...new Set(named)].map((id) => report.audits[id]).filter((audit) => audit.score !== null && audit.score < 0.9)
  return { scores, short: short.map((audit) => `${audit.id}: ${audit.displayValue ?? audit.title}`) }
}
