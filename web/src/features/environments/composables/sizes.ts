import type { EnvironmentSize } from '@/api/types'
import { plural } from '@/kit/format'

export const GIB = 2 ** 30
const MEMORY_STEP = 0.5

/** A size as sliders have it: cores, GiB and graphics processors. */
export interface SizeDraft {
  cpu: number
  memoryGib: number
  gpus: number
}

export const toDraft = (size: EnvironmentSize): SizeDraft => ({
  cpu: size.cpu,
  memoryGib: size.memory_bytes / GIB,
  gpus: size.gpus,
})

export const toSize = (draft: SizeDraft): EnvironmentSize => ({
  cpu: draft.cpu,
  memory_bytes: Math.round(draft.memoryGib * GIB),
  gpus: draft.gpus,
})

export const isSameSize = (a: EnvironmentSize, b: EnvironmentSize): boolean =>
  a.cpu === b.cpu && a.memory_bytes === b.memory_bytes && a.gpus === b.gpus

/** "2 cores, 4 GiB". */
export function sizeText(size: EnvironmentSize): string {
  const gib = Math.round((size.memory_bytes / GIB) * 100) / 100
  const gpus = size.gpus ? `, ${plural(size.gpus, 'GPU')}` : ''
  return `${size.cpu} ${size.cpu === 1 ? 'core' : 'cores'}, ${gib} GiB${gpus}`
}

/** The steps of a slider from the least to the maximum: halves, as far as they fit. */
export function sliderOf(maximum: number): { min: number; max: number; step: number } {
  const step = maximum >= 1 ? MEMORY_STEP : maximum / 4
  return { min: step, max: maximum, step }
}
