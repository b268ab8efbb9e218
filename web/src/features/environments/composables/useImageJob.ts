import { useIntervalFn } from '@vueuse/core'
import { shallowRef } from 'vue'
import { api, unwrap } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import type { ImageJob } from '@/api/types'
import { isOver } from './images'

const LOOK_EVERY_MS = 1_000

/** Work on an image, looked at until it is over. */
export function useImageJob(first: ImageJob, onEnd: () => void) {
  const job = shallowRef(first)
  const problem = shallowRef<ApiProblem>()

  async function look(): Promise<void> {
    try {
      const params = { path: { image_job_id: first.job } }
      job.value = await unwrap(api.GET('/api/v1/images/jobs/{image_job_id}', { params }))
      problem.value = undefined
    } catch (thrown) {
      problem.value = ApiProblem.from(thrown)
    }
    if (isOver(job.value)) {
      pause()
      onEnd()
    }
  }
  const { pause } = useIntervalFn(() => void look(), LOOK_EVERY_MS, { immediate: !isOver(first) })

  return { job, problem }
}
