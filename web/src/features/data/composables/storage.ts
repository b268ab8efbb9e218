import type { DataOverview } from '@/api/types'
import { bytes } from '@/kit/format'

type Storage = DataOverview['storage']

const NEARLY_FULL_PERCENT = 80
export const GIB = 2 ** 30

interface StorageLook {
  /** 0 to 100, null while nothing was measured. */
  percent: number | null
  color: 'primary' | 'warning' | 'error'
  /** "about 1.2 GiB of 2.0 GiB". */
  text: string
  isFull: boolean
  isNearlyFull: boolean
}

export function storageLook(storage: Storage): StorageLook {
  const allowed = bytes(storage.allowed_bytes, true)
  if (storage.used_bytes === null)
    return { percent: null, color: 'primary', text: `${allowed} allowed`, isFull: false, isNearlyFull: false }
  const share = storage.allowed_bytes > 0 ? (storage.used_bytes / storage.allowed_bytes) * 100 : 100
  const isFull = share >= 100
  const isNearlyFull = !isFull && share >= NEARLY_FULL_PERCENT
  return {
    percent: Math.min(100, share),
    color: isFull ? 'error' : isNearlyFull ? 'warning' : 'primary',
    text: `${storage.is_estimate ? 'about ' : ''}${bytes(storage.used_bytes, true)} of ${allowed}`,
    isFull,
    isNearlyFull,
  }
}

/** GiB as typed into a field, as bytes; null when it is no positive number. */
export function gibToBytes(typed: string | number): number | null {
  const value = Number(typed)
  return Number.isFinite(value) && value > 0 ? Math.round(value * GIB) : null
}
