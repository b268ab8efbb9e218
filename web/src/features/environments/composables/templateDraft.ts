import type { PointedError, Template, TemplateFields } from '@/api/types'
import { joinCommand, splitCommand } from '@/features/apps/composables/manifest'
import { toDraft, toSize } from './sizes'
import type { SizeDraft } from './sizes'
import { linesOf, plainPath } from './startDraft'
import type { FileRow } from './startDraft'

const GIB = 2 ** 30

/** A template as its form has it. */
export interface TemplateDraft {
  slug: string
  name: string
  summary: string
  description: string
  icon: string
  category: string
  tags: string[]
  kind: 'packages' | 'image'
  packages: string
  nodePackages: string
  image: string
  port: number | null
  command: string
  folder: string
  healthPath: string
  healthSeconds: number
  terminalPath: string
  size: SizeDraft
  maximum: SizeDraft
  env: { key: string; value: string }[]
  files: FileRow[]
  /** Whether its Jupyter server is asked if a kernel or a terminal is at work. */
  isJupyter: boolean
  /** Bytes over a WebSocket in half a minute that are no use. */
  backgroundBytes: number
  outbound: boolean
  isCulled: boolean
  isRetired: boolean
}

const EMPTY: TemplateDraft = {
  slug: '',
  name: '',
  summary: '',
  description: '',
  icon: '',
  category: 'Notebooks',
  tags: [],
  kind: 'packages',
  packages: '',
  nodePackages: '',
  image: '',
  port: null,
  command: '',
  folder: '',
  healthPath: '',
  healthSeconds: 120,
  terminalPath: '',
  size: { cpu: 1, memoryGib: 2, gpus: 0 },
  maximum: { cpu: 4, memoryGib: 8, gpus: 0 },
  env: [],
  files: [],
  isJupyter: false,
  backgroundBytes: 0,
  outbound: true,
  isCulled: true,
  isRetired: false,
}

export function draftOf(template: Template | undefined): TemplateDraft {
  if (!template) return structuredClone(EMPTY)
  return {
    slug: template.slug,
    name: template.name,
    summary: template.summary,
    description: template.description,
    icon: template.icon ?? '',
    category: template.category,
    tags: [...template.tags],
    kind: template.kind,
    packages: template.packages.join('\n'),
    nodePackages: template.node_packages.join('\n'),
    image: template.image ?? '',
    port: template.port,
    command: joinCommand(template.command),
    folder: template.folder,
    healthPath: template.health.path ?? '',
    healthSeconds: template.health.timeout_seconds ?? EMPTY.healthSeconds,
    terminalPath: template.terminal_path ?? '',
    size: toDraft(template.size),
    maximum: toDraft(template.maximum),
    env: Object.entries(template.env).map(([key, value]) => ({ key, value })),
    files: Object.entries(template.files).map(([path, content]) => ({ path, content })),
    isJupyter: template.activity === 'jupyter',
    backgroundBytes: template.background_bytes,
    outbound: template.outbound,
    isCulled: template.is_culled,
    isRetired: template.is_retired,
  }
}

/** What the hub is asked to make of a template. */
export function fieldsOf(draft: TemplateDraft): TemplateFields {
  const isImage = draft.kind === 'image'
  return {
    name: draft.name.trim(),
    summary: draft.summary.trim(),
    description: draft.description.trim(),
    icon: draft.icon.trim() || null,
    category: draft.category.trim(),
    tags: draft.tags,
    kind: draft.kind,
    packages: isImage ? [] : linesOf(draft.packages),
    node_packages: isImage ? [] : linesOf(draft.nodePackages),
    image: isImage ? draft.image.trim() : null,
    command: splitCommand(draft.command),
    port: isImage ? draft.port || null : null,
    folder: plainPath(draft.folder),
    env: Object.fromEntries(
      draft.env.filter(({ key }) => key.trim()).map(({ key, value }) => [key.trim(), value]),
    ),
    files: Object.fromEntries(
      draft.files
        .filter(({ path }) => plainPath(path))
        .map(({ path, content }) => [plainPath(path), content]),
    ),
    health: { path: draft.healthPath.trim() || null, timeout_seconds: draft.healthSeconds },
    terminal_path: draft.terminalPath.trim() || null,
    size: toSize(draft.size),
    maximum: toSize(draft.maximum),
    activity: draft.isJupyter ? 'jupyter' : null,
    background_bytes: draft.backgroundBytes || 0,
    outbound: draft.outbound,
    is_culled: draft.isCulled,
    is_retired: draft.isRetired,
  }
}

/** The sliders of a template go as far as this, or as far as it has already. */
export const mostOf = (maximum: SizeDraft) => ({
  cpu: Math.max(16, maximum.cpu),
  memory_bytes: Math.max(64, maximum.memoryGib) * GIB,
  gpus: Math.max(8, maximum.gpus),
})

/** Messages by field; of packages the line is named. What belongs to none is under the empty name. */
export function errorsOf(pointed: PointedError[], draft: TemplateDraft): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { pointer, message } of pointed) {
    const [field = '', key = ''] = pointer.replace(/^#?\/(body\/)?/, '').split('/')
    const lines = { packages: draft.packages, node_packages: draft.nodePackages }[field]
    const line = lines === undefined ? key : linesOf(lines)[Number(key)]
    found[field] ??= line ? `${line}: ${message}` : message
  }
  return found
}
