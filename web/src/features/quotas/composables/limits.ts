import type { QuotaLimits, QuotaUsed } from '@/api/types'
import { bytes } from '@/kit/format'

export type LimitKey = keyof QuotaUsed

const GIB = 2 ** 30
const FULL = 1
const NEARLY_FULL = 0.8

interface LimitKind {
  key: LimitKey
  label: string
  /** The label of the field where it is set. */
  field: string
  isBytes: boolean
  step: number
}

/** Everything that a quota may limit, in the order in which it is shown. */
export const LIMITS: readonly LimitKind[] = [
  { key: 'apps', label: 'Apps', field: 'Apps', isBytes: false, step: 1 },
  { key: 'apps_running', label: 'Running apps', field: 'Apps running at once', isBytes: false, step: 1 },
  {
    key: 'environments',
    label: 'Running environments',
    field: 'Environments running at once',
    isBytes: false,
    step: 1,
  },
  { key: 'cpu', label: 'Cores', field: 'Cores at once', isBytes: false, step: 0.1 },
  { key: 'memory_bytes', label: 'Memory', field: 'Memory at once, in GiB', isBytes: true, step: 0.25 },
  { key: 'disk_bytes', label: 'Disk', field: 'Disk, in GiB', isBytes: true, step: 0.25 },
  { key: 'database_bytes', label: 'Databases', field: 'Databases, in GiB', isBytes: true, step: 0.25 },
]

export interface LimitLook {
  key: LimitKey
  label: string
  /** "2 of 3", or "up to 3" where it is not known what is used. */
  text: string
  /** 0 to 100; null where it is not known what is used. */
  percent: number | null
  tone: 'bg-primary' | 'bg-warning' | 'bg-error'
}

/** "1.5", or "2.0 GiB". */
export function amountText(key: LimitKey, amount: number): string {
  const isBytes = LIMITS.some((one) => one.key === key && one.isBytes)
  return isBytes ? bytes(amount, true) : String(Math.round(amount * 100) / 100)
}

/** What a quota limits, with how much of it is used. */
export function limitLooks(limits: QuotaLimits, used: QuotaUsed | null): LimitLook[] {
  return LIMITS.flatMap(({ key, label }) => {
    const allowed = limits[key]
    return allowed == null ? [] : [lookOf(key, label, allowed, used ? used[key] : null)]
  })
}

function lookOf(key: LimitKey, label: string, allowed: number, used: number | null): LimitLook {
  const most = amountText(key, allowed)
  if (used === null) return { key, label, text: `up to ${most}`, percent: null, tone: 'bg-primary' }
  const share = allowed > 0 ? used / allowed : FULL
  return {
    key,
    label,
    text: `${amountText(key, used)} of ${most}`,
    percent: Math.round(Math.min(FULL, share) * 100),
    tone: share >= FULL ? 'bg-error' : share >= NEARLY_FULL ? 'bg-warning' : 'bg-primary',
  }
}

/** What stands in the fields, where bytes are told in GiB and what is not limited is empty. */
export type LimitFields = Record<LimitKey, number | ''>

export function toFields(limits: QuotaLimits): LimitFields {
  const entries = LIMITS.map(({ key, isBytes }) => {
    const limit = limits[key]
    return [key, limit == null ? '' : isBytes ? limit / GIB : limit]
  })
  return Object.fromEntries(entries) as LimitFields
}

export function fromFields(fields: LimitFields): QuotaLimits {
  const entries = LIMITS.flatMap(({ key, isBytes }) => {
    const value = fields[key]
    return value === '' ? [] : [[key, isBytes ? Math.round(value * GIB) : value]]
  })
  return Object.fromEntries(entries) as QuotaLimits
}
