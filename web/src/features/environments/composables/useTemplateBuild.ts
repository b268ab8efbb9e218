import { useIntervalFn } from '@vueuse/core'
import { ref, shallowRef } from 'vue'
import type { Ref } from 'vue'
import { api, unwrap } from '@/api/client'
import type { Template } from '@/api/types'
import { useNotify } from '@/kit/useNotify'

const LOOK_EVERY_MS = 2_000

/** How what a template runs in is made ready; `template` is what is known of it, and stays as fresh as that is. */
export function useTemplateBuild(template: Ref<Template>) {
  const notify = useNotify()
  const shown = shallowRef<Pick<Template, 'build' | 'build_reason'>>(template.value)
  const isBusy = ref(false)
  /** Raised by every build that was asked for here, so that its log is a new one. */
  const attempt = ref(0)
  const params = () => ({ path: { template: template.value.slug } })

  async function look(): Promise<void> {
    if (shown.value.build !== 'building') return
    const now = await unwrap(api.GET('/api/v1/templates/{template}', { params: params() })).catch(
      () => undefined,
    )
    if (now) shown.value = now
  }
  useIntervalFn(() => void look(), LOOK_EVERY_MS)

  /** Make it ready, or try again, with the newest packages that suit. */
  async function build(): Promise<void> {
    isBusy.value = true
    await notify.attempt(async () => {
      shown.value = await unwrap(api.POST('/api/v1/templates/{template}/build', { params: params() }))
      attempt.value += 1
    })
    isBusy.value = false
  }

  return { shown, isBusy, attempt, build }
}
