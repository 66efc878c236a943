/** How the phone asks the server: by the token of this phone, in the language of its owner, within our own origin. */

import createClient, { type Middleware } from 'openapi-fetch'

import type { paths } from './types.ts'
import type { Problem } from './types-of.ts'

const LONGEST_WAIT_MS = 60_000

let token: string | null = null
let language = 'zh-CN'

export function speakAs(given: string | null): void {
  token = given
}

export function speakIn(given: string): void {
  language = given
}

/** By how many ms the server's clock is ahead of this phone's, as its last answer said. */
export const wall = { ahead: 0 }

const marks: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', language)
    if (token && !request.headers.has('X-CSRF-Token')) request.headers.set('Authorization', `Bearer ${token}`)
    return request
  },
  onResponse({ response }) {
    const said = Date.parse(response.headers.get('Date') ?? '')
    if (!Number.isNaN(said)) wall.ahead = said - Date.now()
  },
}

/** `omit`: the token says who asks; a cookie is used in `signing.ts` alone, for the moment that it takes to get one. */
export const api = createClient<paths>({ baseUrl: location.origin, credentials: 'omit', fetch: patiently })
api.use(marks)

function patiently(request: Request): Promise<Response> {
  return fetch(request, { signal: AbortSignal.timeout(LONGEST_WAIT_MS) })
}

/** The server could not be asked: no signal, or it is away. Nothing is known about what became of the request. */
export class Unreached extends Error {}

/** The server refused, and says why and what would allow it. */
export class RefusedBy extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/**
 * What an answer brought.
 *
 * Throws RefusedBy where the server refused, Unreached where there was none, or something in between answered.
 */
export async function brought<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>
  try {
    answer = await asked
  } catch (error) {
    throw new Unreached(String(error))
  }
  if (answer.response.ok) return answer.data as T
  if (isProblem(answer.error)) throw new RefusedBy(answer.error)
  throw new Unreached(`status ${answer.response.status}`)
}

function isProblem(given: unknown): given is Problem {
  return typeof given === 'object' && given !== null && 'code' in given && 'would_allow' in given
}
