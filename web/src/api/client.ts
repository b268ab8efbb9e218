import createClient from 'openapi-fetch'
import type { paths } from './schema'
import { ApiProblem } from './problem'

/** Called whenever the hub says that nobody is signed in; the identity feature decides what happens then. */
let onUnauthorized: () => void = () => undefined

export function setUnauthorizedHandler(handler: () => void): void {
  onUnauthorized = handler
}

/** To be told of a 401 that came another way than through `api` (streams, uploads). */
export function reportUnauthorized(): void {
  onUnauthorized()
}

export const api = createClient<paths>({ baseUrl: '', fetch: (request) => globalThis.fetch(request) })

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** Return the data of an answer, or throw what went wrong as an `ApiProblem`. */
export async function unwrap<T>(
  pending: Promise<Answer<T>>,
  options: { quiet401?: boolean } = {},
): Promise<T> {
  let answer: Answer<T>
  try {
    answer = await pending
  } catch (thrown) {
    throw ApiProblem.from(thrown)
  }
  if (answer.response.ok) return answer.data as T
  if (answer.response.status === 401 && !options.quiet401) onUnauthorized()
  throw await ApiProblem.fromResponse(answer.response, answer.error)
}
