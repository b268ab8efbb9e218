import type { AuditEntry } from '@/api/types'

export interface Change {
  /** Where in the document, such as `env.MODE`. */
  path: string
  /** Undefined: it was not there. */
  before?: string
  after?: string
}

type Values = Record<string, unknown>

/** What an entry says was changed, a line for each value that differs. */
export function changesOf({ before, after }: Pick<AuditEntry, 'before' | 'after'>): Change[] {
  return compare((before ?? {}) as Values, (after ?? {}) as Values, '')
}

function compare(before: Values, after: Values, prefix: string): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.flatMap((name) => {
    const path = prefix + name
    const [old, now] = [before[name], after[name]]
    if (isValues(old) || isValues(now)) {
      const inner = compare(isValues(old) ? old : {}, isValues(now) ? now : {}, `${path}.`)
      if (inner.length > 0) return inner
    }
    if (JSON.stringify(old) === JSON.stringify(now)) return []
    return [
      {
        path,
        ...(name in before && { before: inWords(old) }),
        ...(name in after && { after: inWords(now) }),
      },
    ]
  })
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
}

function inWords(value: unknown): string {
  if (value === null) return 'nothing'
  return typeof value === 'string' ? value || '“”' : JSON.stringify(value)
}
