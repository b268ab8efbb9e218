import type { PointedError } from './types'

interface ProblemDocument {
  type?: string
  title?: string
  status?: number
  detail?: string
  errors?: PointedError[]
}

export interface ProblemToast {
  title: string
  description?: string
  color: 'error' | 'warning'
  icon: string
}

/** What the hub (or the way to it) refused, as RFC 9457 tells it: for toasts, forms and branches on `kind`. */
export class ApiProblem extends Error {
  /** Last part of the problem's `type`, such as `invalid-credentials`. */
  readonly kind: string
  readonly title: string
  /** HTTP status; 0 when no answer came at all. */
  readonly status: number
  readonly detail: string
  readonly errors: PointedError[]
  readonly retryAfterSeconds: number | null

  constructor(document: ProblemDocument, status: number, retryAfterSeconds: number | null = null) {
    const title = document.title || fallbackTitle(status)
    super(document.detail ? `${title}: ${document.detail}` : title)
    this.name = 'ApiProblem'
    this.kind = (document.type ?? '').split('/').pop() || `status-${status}`
    this.title = title
    this.status = status
    this.detail = document.detail ?? ''
    this.errors = document.errors ?? []
    this.retryAfterSeconds = retryAfterSeconds
  }

  /** Read the problem out of an answer; one that is no problem+json still says its status. */
  static async fromResponse(response: Response, body?: unknown): Promise<ApiProblem> {
    const document = body ?? (await response.json().catch(() => undefined))
    return ApiProblem.fromBody(document, response.status, response.headers.get('retry-after'))
  }

  static fromBody(body: unknown, status: number, retryAfter: string | null = null): ApiProblem {
    const seconds = Number.parseInt(retryAfter ?? '', 10)
    const document = isProblemDocument(body) ? body : {}
    return new ApiProblem(document, status, Number.isNaN(seconds) ? null : seconds)
  }

  /** Whatever was thrown, as a problem. */
  static from(thrown: unknown): ApiProblem {
    if (thrown instanceof ApiProblem) return thrown
    if (thrown instanceof TypeError) {
      return new ApiProblem(
        { type: '/problems/unreachable', detail: 'Check that it is running; nothing was changed.' },
        0,
      )
    }
    return new ApiProblem({ title: 'Something went wrong in the page', detail: String(thrown) }, 0)
  }

  /** Messages by field name: `/email` and `/body/email` are both the field `email`. */
  get fields(): Record<string, string> {
    const found: Record<string, string> = {}
    for (const { pointer, message } of this.errors) {
      const name = pointer
        .replace(/^#/, '')
        .replace(/^\/(body\/)?/, '')
        .split('/')[0]
      if (name && !(name in found)) found[name] = message
    }
    return found
  }

  get toast(): ProblemToast {
    const pointed = this.errors.map((error) =>
      error.pointer ? `${error.pointer}: ${error.message}` : error.message,
    )
    const text = [this.detail, ...pointed].filter(Boolean).join('\n')
    const warning = this.status === 0 || this.status === 409 || this.status === 412
    return {
      title: this.title,
      ...(text && { description: text }),
      color: warning ? 'warning' : 'error',
      icon: this.status === 0 ? 'i-lucide-unplug' : 'i-lucide-circle-alert',
    }
  }
}

function isProblemDocument(body: unknown): body is ProblemDocument {
  return typeof body === 'object' && body !== null && ('title' in body || 'detail' in body)
}

function fallbackTitle(status: number): string {
  if (status === 0) return 'Hothouse cannot be reached'
  if (status === 413) return 'Too large'
  if (status >= 500) return `Hothouse answered with an error (${status})`
  return `The request was refused (${status})`
}
