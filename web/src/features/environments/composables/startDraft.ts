import type { PointedError, EnvironmentSpec, NewEnvironment, Template } from '@/api/types'
import { toDraft, toSize } from './sizes'
import type { SizeDraft } from './sizes'

export interface FileRow {
  path: string
  content: string
}

/** An environment to be started, as the form has it. */
export interface StartDraft {
  name: string
  size: SizeDraft
  /** `default`, `new`, or the id of one. */
  workspace: string
  newWorkspace: string
  env: { key: string; value: string }[]
  files: FileRow[]
  /** One a line. */
  packages: string
  gitUrl: string
}

export interface DraftErrors {
  name?: string
  size?: string
  workspace?: string
  packages?: string
  gitUrl?: string
  /** By the variable's name. */
  env: Record<string, string>
  /** By the row's index. */
  files: Record<number, string>
  /** What belongs to no field. */
  other: string[]
}

export function draftOf(template: Template, like?: EnvironmentSpec, name = ''): StartDraft {
  return {
    name,
    size: toDraft(like?.size ?? template.size),
    workspace: 'default',
    newWorkspace: '',
    env: Object.entries(like?.env ?? {}).map(([key, value]) => ({ key, value })),
    files: [],
    packages: (like?.extra_packages ?? []).join('\n'),
    gitUrl: like?.git_url ?? '',
  }
}

/** The same file by whatever is typed around its path. */
export const plainPath = (path: string): string => path.trim().replace(/^~?\/+|\/+$/g, '')

/** The lines that say something. */
export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

/** What can be seen to be wrong before anything is sent. */
export function check(draft: StartDraft): DraftErrors {
  const errors: DraftErrors = { env: {}, files: {}, other: [] }
  const names = draft.env.map(({ key }) => key.trim())
  for (const [index, name] of names.entries())
    if (name && names.indexOf(name) < index) errors.env[name] = `${name} is there twice. Keep one of them.`
  const paths = draft.files.map(({ path }) => plainPath(path))
  for (const [index, path] of paths.entries()) {
    if (!path && draft.files[index]?.content) errors.files[index] = 'Say at which path it is to be.'
    else if (path && paths.indexOf(path) < index)
      errors.files[index] = `There is a file ~/${path} above already. Give it another path.`
  }
  if (draft.workspace === 'new' && !draft.newWorkspace.trim())
    errors.workspace = 'Give the new workspace a name.'
  return errors
}

export const isFine = (errors: DraftErrors): boolean =>
  Object.keys(errors.env).length + Object.keys(errors.files).length + errors.other.length === 0 &&
  !errors.name &&
  !errors.size &&
  !errors.workspace &&
  !errors.packages &&
  !errors.gitUrl

/** What is asked of the hub; `like`: what another environment is, to be one just like it but for the draft. */
export function bodyOf(draft: StartDraft, template: Template, like?: EnvironmentSpec): NewEnvironment {
  const packages = linesOf(draft.packages)
  const env = Object.fromEntries(
    draft.env.filter(({ key }) => key.trim()).map(({ key, value }) => [key.trim(), value]),
  )
  const files = draft.files.filter(({ path }) => plainPath(path))
  const asked = {
    size: toSize(draft.size),
    extra_packages: packages,
    env,
    git_url: draft.gitUrl.trim() || null,
  }
  const isSameLock = like && packages.join('\n') === like.extra_packages?.join('\n')
  return {
    template: template.slug,
    ...(draft.name.trim() && { name: draft.name.trim() }),
    ...(draft.workspace === 'new' && { new_workspace: draft.newWorkspace.trim() }),
    ...(!['new', 'default'].includes(draft.workspace) && { workspace_id: draft.workspace }),
    ...(files.length > 0 && {
      secret_files: Object.fromEntries(files.map(({ path, content }) => [plainPath(path), content])),
    }),
    ...(like ? { spec: { ...like, ...asked, lock: isSameLock ? like.lock : null } } : asked),
  }
}

const unescape = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~')

/** What the hub found wrong, at the fields of the form. */
export function errorsOf(pointed: PointedError[], draft: StartDraft): DraftErrors {
  const errors: DraftErrors = { env: {}, files: {}, other: [] }
  for (const { pointer, message } of pointed) {
    const [field = '', key = ''] = pointer
      .replace(/^#?\/(body\/)?(spec\/(?=.))?/, '')
      .split('/')
      .map(unescape)
    const row = draft.files.findIndex(({ path }) => plainPath(path) === key)
    if (field === 'name') errors.name = message
    else if (field === 'size') errors.size ??= message
    else if (field === 'workspace_id' || field === 'new_workspace') errors.workspace = message
    else if (field === 'git_url') errors.gitUrl = message
    else if (field === 'env' && key) errors.env[key] = message
    else if (field === 'secret_files' && row >= 0) errors.files[row] = message
    else if (field === 'extra_packages') {
      const line = linesOf(draft.packages)[Number(key)]
      errors.packages ??= line ? `${line}: ${message}` : message
    } else errors.other.push(message)
  }
  return errors
}
