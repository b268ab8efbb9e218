import { useDocumentVisibility, useIntervalFn } from '@vueuse/core'
import { computed } from 'vue'
import { api, unwrap } from '@/api/client'
import type { Template } from '@/api/types'
import { useLoad } from '@/kit/useLoad'

const BUILDING_EVERY_MS = 3_000

/** The templates that the person may start from, read again while one of them is being built. */
export function useCatalogue() {
  const { data, problem, loading, reload } = useLoad({
    load: (signal) => unwrap(api.GET('/api/v1/templates', { signal })),
  })
  const templates = computed(() => (data.value?.items ?? []) as Template[])
  const visibility = useDocumentVisibility()
  useIntervalFn(() => {
    if (visibility.value === 'visible' && templates.value.some((one) => one.build === 'building'))
      void reload()
  }, BUILDING_EVERY_MS)
  return { isLoaded: computed(() => data.value !== undefined), templates, problem, loading, reload }
}

// Icons of the shipped templates, named so that they come with this feature and not with the whole set:
// i-lucide-notebook-pen i-lucide-notebook i-lucide-telescope i-lucide-waves i-lucide-sliders-horizontal
// i-lucide-square-terminal

export interface Shelf {
  category: string
  templates: Template[]
}

/** Templates to start from, by category: as many words of `q` as there are have to be found. */
export function shelves(templates: Template[], q: string): Shelf[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean)
  const found = new Map<string, Template[]>()
  for (const template of templates) {
    const text = [template.name, template.slug, template.summary, template.category, ...template.tags]
      .join(' ')
      .toLowerCase()
    if (template.is_retired || !words.every((word) => text.includes(word))) continue
    found.set(template.category, [...(found.get(template.category) ?? []), template])
  }
  return [...found]
    .map(([category, of]) => ({ category, templates: of }))
    .sort((a, b) => b.templates.length - a.templates.length || a.category.localeCompare(b.category))
}
