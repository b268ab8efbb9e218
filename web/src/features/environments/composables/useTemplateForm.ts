import { computed, reactive, ref } from 'vue'
import { api, unwrap } from '@/api/client'
import type { Template } from '@/api/types'
import { slugify } from '@/features/apps/composables/manifest'
import { useAttempt } from '@/kit/useAttempt'
import { draftOf, errorsOf, fieldsOf } from './templateDraft'

/** A template as a form: a new one, or one that is to be changed. */
export function useTemplateForm(template: Template | undefined) {
  const draft = reactive(draftOf(template))
  const sent = ref(JSON.stringify(draft))
  const { problem, isBusy, attempt } = useAttempt()
  let etag = template?.etag

  const slug = computed(() => template?.slug ?? (draft.slug.trim() || slugify(draft.name).slice(0, 40)))
  const isDirty = computed(() => JSON.stringify(draft) !== sent.value)
  const errors = computed<Record<string, string>>(() => {
    if (!problem.value) return {}
    if (problem.value.kind === 'template-taken') return { slug: problem.value.detail }
    const found = errorsOf(problem.value.errors, draft)
    return Object.keys(found).length ? found : { '': problem.value.message }
  })

  async function send(): Promise<Template> {
    const fields = fieldsOf(draft)
    if (!template) {
      const body = { slug: slug.value, ...fields }
      return (await unwrap(api.POST('/api/v1/templates', { body }))) as Template
    }
    const header = etag ? { 'if-match': etag } : {}
    const params = { path: { template: template.slug }, header }
    return (await unwrap(api.PUT('/api/v1/templates/{template}', { params, body: fields }))) as Template
  }

  /** Make or change it; undefined when it was refused, which then is said at its fields. */
  async function save(): Promise<Template | undefined> {
    let saved: Template | undefined
    await attempt(async () => {
      saved = await send()
      etag = saved.etag
      sent.value = JSON.stringify(draft)
    })
    return saved
  }

  return { draft, slug, errors, isBusy, isDirty, save }
}
