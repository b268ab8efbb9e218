import { ref } from 'vue'
import { useRouter } from 'vue-router'
import type { Template } from '@/api/types'
import { useNotify } from '@/kit/useNotify'
import { useEnvironments } from './useEnvironments'

/** Starting from a template by one click, and going to where its progress is shown. */
export function useQuickStart() {
  const environments = useEnvironments()
  const router = useRouter()
  const notify = useNotify()
  /** Slug of the template from which a start was asked for and not yet accepted. */
  const starting = ref<string | null>(null)

  /** Start it as it is; the person's environment of that name, even with other settings, is the one they mean. */
  async function quickStart(template: Template): Promise<void> {
    starting.value = template.slug
    await notify.attempt(async () => {
      const there = environments.mine.find(
        (one) => one.template === template.slug && one.name === template.name,
      )
      if (there) await environments.control(there.slug, 'start')
      const slug = there?.slug ?? (await environments.start({ template: template.slug })).slug
      await router.push({ name: 'environment', params: { slug }, query: { open: null } })
    })
    starting.value = null
  }

  return { starting, quickStart }
}
