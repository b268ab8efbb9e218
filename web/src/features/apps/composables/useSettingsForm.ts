import { computed, reactive, shallowRef } from 'vue'
import type { ComputedRef } from 'vue'
import type { AppDetail, AppSettings } from '@/api/types'
import { useAttempt } from '@/kit/useAttempt'

interface Draft {
  name: string
  description: string
  icon: string
  tags: string[]
  idle_minutes: number
  env: { key: string; value: string }[]
}

function draftOf(app: AppDetail): Draft {
  return {
    name: app.name,
    description: app.description,
    icon: app.icon ?? '',
    tags: [...app.tags],
    idle_minutes: app.idle_minutes ?? 0,
    env: Object.entries(app.env).map(([key, value]) => ({ key, value })),
  }
}

/** The settings of an app as a form; only what was changed is sent. */
export function useSettingsForm(
  app: ComputedRef<AppDetail>,
  change: (settings: AppSettings) => Promise<void>,
) {
  const base = shallowRef(draftOf(app.value))
  const form = reactive(draftOf(app.value))
  const { problem, isBusy, attempt } = useAttempt()

  const changed = computed<AppSettings>(() => {
    const settings: Record<string, unknown> = {}
    for (const key of Object.keys(form) as (keyof Draft)[]) {
      if (JSON.stringify(form[key]) === JSON.stringify(base.value[key])) continue
      settings[key] = key === 'env' ? toRecord(form.env) : form[key]
    }
    return settings as AppSettings
  })
  const isDirty = computed(() => Object.keys(changed.value).length > 0)
  const envErrors = computed(() => {
    const found: Record<string, string> = {}
    for (const { pointer, message } of problem.value?.errors ?? []) {
      const match = /\/env\/([^/]+)/.exec(pointer)
      if (match?.[1]) found[match[1]] = message
    }
    return found
  })

  function reset(): void {
    base.value = draftOf(app.value)
    Object.assign(form, draftOf(app.value))
    problem.value = undefined
  }

  /** Send what was changed; true when it was taken. */
  const save = () =>
    attempt(async () => {
      await change(changed.value)
      reset()
    })

  return {
    form,
    problem,
    isBusy,
    isDirty,
    envErrors,
    fields: computed(() => problem.value?.fields ?? {}),
    reset,
    save,
  }
}

function toRecord(rows: { key: string; value: string }[]): Record<string, string> {
  return Object.fromEntries(rows.filter((row) => row.key.trim()).map((row) => [row.key.trim(), row.value]))
}
