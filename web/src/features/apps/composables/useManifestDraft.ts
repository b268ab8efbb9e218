import { computed, reactive, ref, watch } from 'vue'
import type { Manifest, PointedError, Upload } from '@/api/types'
import { joinCommand, locatePointer, splitCommand } from './manifest'

/** A manifest being confirmed or edited, as a form and as JSON: the two are one thing. */
export function useManifestDraft(upload: Upload) {
  const original = JSON.stringify(upload.manifest ?? { schema_version: '1' }, null, 2)
  const text = ref(original)
  const errors = ref<PointedError[]>(upload.problems)
  const parsed = computed<{ manifest: Manifest | null; error: string }>(() => {
    try {
      const value: unknown = JSON.parse(text.value)
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
      return isObject
        ? { manifest: value as Manifest, error: '' }
        : { manifest: null, error: 'A manifest is a JSON object: { … }' }
    } catch (error) {
      return { manifest: null, error: (error as Error).message }
    }
  })
  const isEdited = computed(() => text.value !== original)

  function set(key: string, value: unknown): void {
    const manifest = parsed.value.manifest
    if (!manifest) return
    const next = { ...manifest }
    next[key] = value === '' ? undefined : value // what is undefined is left out of JSON
    text.value = JSON.stringify(next, null, 2)
    errors.value = errors.value.filter((error) => fieldOf(error) !== key)
  }

  const field = (key: string) =>
    computed<string>({
      get: () => {
        const value = parsed.value.manifest?.[key]
        if (Array.isArray(value)) return joinCommand(value)
        return value === undefined || value === null ? '' : String(value)
      },
      set: (value) => set(key, key === 'entry' && kind.value === 'command' ? splitCommand(value) : value),
    })
  const kind = field('kind')
  // What is typed is kept as it is: an argument list would lose the space that is being typed.
  const entry = ref(field('entry').value)
  const entryField = field('entry')
  watch(entry, (value) => (entryField.value = value))
  watch(kind, () => (entryField.value = entry.value))
  watch(text, () => {
    const isSame = splitCommand(entry.value).join('\0') === splitCommand(entryField.value).join('\0')
    if (!isSame) entry.value = entryField.value
  })
  const form = reactive({
    name: field('name'),
    slug: field('slug'),
    description: field('description'),
    kind,
    requirements: field('requirements'),
    access: field('access'),
  })

  const fieldErrors = computed(() => {
    const found: Record<string, string> = {}
    for (const error of errors.value) found[fieldOf(error)] ??= error.message
    return found
  })
  const located = computed(() =>
    errors.value.map((error) => ({ ...error, ...locatePointer(text.value, error.pointer) })),
  )

  return { text, form, entry, parsed, isEdited, errors, fieldErrors, located }
}

function fieldOf(error: PointedError): string {
  return error.pointer.replace(/^#/, '').split('/')[1] ?? ''
}
