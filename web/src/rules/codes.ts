/**
 * The case code (个案代码), by which messages name a case: `R7M2T-9X4D3`. It follows from the case's id alone
 * (`workflow/rules/case_codes.py`), so that the phone knows it without being told. Pure.
 */

const LETTERS = 'DFGHJLMNPQRTVWXY'
const DIGITS = '23456789'
const PAIRS = 5
const PAIR_BITS = 7
const USE = new TextEncoder().encode('guitu case code 1|')

/** The code of a case, by its id. */
export async function codeOf(caseId: string): Promise<string> {
  const id = caseId.replaceAll('-', '').match(/../g)?.map((pair) => parseInt(pair, 16)) ?? []
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array([...USE, ...id]))
  const view = new DataView(digest)
  const number = (view.getUint32(0) % 8) * 2 ** 32 + view.getUint32(4) // as many bits of the first eight bytes as the pairs take
  const text = Array.from({ length: PAIRS }, (_, place) => pair(Math.floor(number / 2 ** (PAIR_BITS * place)) % 128)).join('')
  return `${text.slice(0, PAIRS)}-${text.slice(PAIRS)}`
}

function pair(bits: number): string {
  return `${LETTERS[bits >> 3]}${DIGITS[bits % 8]}`
}
