import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Environment, EnvironmentSpec, Template } from '@/api/types'
import {
  bodyOf,
  check,
  draftOf,
  errorsOf,
  isFine,
  plainPath,
} from '@/features/environments/composables/startDraft'
import {
  advice,
  canStart,
  canStop,
  openLink,
  progressText,
  stepsOf,
} from '@/features/environments/composables/states'
import * as templates from '@/features/environments/composables/templateDraft'
import { chartsOf } from '@/features/apps/composables/usageCharts'
import { keepUsage, KEPT_MS, usageOf } from '@/features/apps/composables/usageHistory'
import { jobText, namedImages } from '@/features/environments/composables/images'
import { shelves } from '@/features/environments/composables/useCatalogue'
import { useEnvironments } from '@/features/environments/composables/useEnvironments'
import { sizeText, sliderOf } from '@/features/environments/composables/sizes'

const GIB = 2 ** 30

function makeTemplate(rest: Partial<Template> = {}): Template {
  return {
    slug: 'jupyterlab',
    name: 'JupyterLab',
    summary: 'Notebooks',
    description: '',
    icon: 'notebook-pen',
    category: 'Notebooks',
    tags: ['python'],
    kind: 'packages',
    packages: ['jupyterlab', 'numpy>=2'],
    node_packages: ['code-server@4.139.1'],
    image: null,
    command: ['jupyter', 'lab', "--x=['/bin/bash']"],
    port: null,
    folder: '',
    env: {},
    files: {},
    health: { path: '/api/status', timeout_seconds: 120 },
    terminal_path: null,
    size: { cpu: 1, memory_bytes: 2 * GIB, gpus: 0 },
    maximum: { cpu: 4, memory_bytes: 8 * GIB, gpus: 0 },
    activity: 'jupyter',
    outbound: true,
    background_bytes: 1500,
    is_culled: true,
    is_retired: false,
    is_shipped: true,
    access: 'signed-in',
    build: 'built',
    build_reason: null,
    may_manage: false,
    updated_at: '2026-01-01T00:00:00Z',
    etag: '"1"',
    ...rest,
  }
}

function makeEnvironment(rest: Partial<Environment> = {}): Environment {
  return {
    slug: 'jupyterlab-abcde-env',
    name: 'JupyterLab',
    icon: null,
    template: 'jupyterlab',
    template_name: 'JupyterLab',
    owner: { id: 'ada', name: 'Ada', email: 'ada@example.org' },
    workspace_id: 'w1',
    workspace_name: 'Home',
    state: 'running',
    reason: null,
    url: 'http://jupyterlab-abcde-env.apps.localhost/',
    size: { cpu: 1, memory_bytes: 2 * GIB, gpus: 0 },
    progress: null,
    usage: null,
    started_at: null,
    last_activity_at: null,
    created_at: '2026-01-01T00:00:00Z',
    actions: ['environment.open', 'environment.view', 'environment.edit'],
    ...rest,
  }
}

const looks = (environment: Environment) => stepsOf(environment).map((step) => `${step.id} ${step.look}`)

describe('progress of a start', () => {
  it('shows what is done, what goes on, and what is ahead', () => {
    const starting = makeEnvironment({ state: 'starting', progress: { step: 'starting' } })
    expect(looks(starting)).toEqual(['building done', 'queued done', 'starting active', 'ready ahead'])
  })

  it('marks the step at which it failed', () => {
    const failed = makeEnvironment({ state: 'failed', progress: { step: 'building' } })
    expect(looks(failed)[0]).toBe('building failed')
    expect(looks(failed)[1]).toBe('queued ahead')
  })

  it('is all done once it runs', () => {
    expect(looks(makeEnvironment()).every((step) => step.endsWith('done'))).toBe(true)
  })

  it('tells the position in the queue, and else the reason', () => {
    const queued = (position: number | null) =>
      makeEnvironment({ state: 'pending', reason: 'waiting', progress: { step: 'queued', position } })
    expect(progressText(queued(3))).toContain('Number 3')
    expect(progressText(queued(1))).toContain('next')
    expect(progressText(queued(null))).toBe('Waiting…')
  })

  it('gives advice by the reason', () => {
    expect(advice('killed: out of memory', { hasExtraPackages: false })).toContain('more memory')
    expect(advice('No solution found', { hasExtraPackages: true })).toContain('you added')
    expect(advice('No solution found', { hasExtraPackages: false })).toContain('administrator')
    expect(advice('exit code 3', { hasExtraPackages: false })).toContain('log')
  })
})

describe('what may be done', () => {
  it('depends on state and rights', () => {
    expect(canStop(makeEnvironment())).toBe(true)
    expect(canStart(makeEnvironment())).toBe(false)
    expect(canStart(makeEnvironment({ state: 'failed' }))).toBe(true)
    expect(canStart(makeEnvironment({ state: 'failed', actions: ['environment.view'] }))).toBe(false)
  })

  it('opens what runs at its address, and anything else by way of its page', () => {
    expect(openLink(makeEnvironment()).isOutside).toBe(true)
    expect(openLink(makeEnvironment({ state: 'stopped' })).href).toBe(
      '/environments/jupyterlab-abcde-env?open',
    )
  })
})

describe('start form', () => {
  it('sends only what was asked for', () => {
    const template = makeTemplate()
    expect(bodyOf(draftOf(template), template)).toEqual({
      template: 'jupyterlab',
      size: template.size,
      extra_packages: [],
      env: {},
      git_url: null,
    })
  })

  it('sends workspace, packages, variables and files', () => {
    const template = makeTemplate()
    const draft = draftOf(template)
    Object.assign(draft, {
      name: ' Mine ',
      workspace: 'new',
      newWorkspace: 'Thesis',
      packages: 'scikit-learn\n\n  rich ',
      env: [
        { key: 'A', value: '1' },
        { key: '', value: '' },
      ],
      files: [{ path: '~/.token/', content: 'x' }],
    })
    expect(bodyOf(draft, template)).toMatchObject({
      name: 'Mine',
      new_workspace: 'Thesis',
      extra_packages: ['scikit-learn', 'rich'],
      env: { A: '1' },
      secret_files: { '.token': 'x' },
    })
    draft.workspace = 'w7'
    expect(bodyOf(draft, template)).toMatchObject({ workspace_id: 'w7' })
  })

  it('refuses the same path twice, however it is written', () => {
    const draft = draftOf(makeTemplate())
    draft.files = [
      { path: '.token', content: 'a' },
      { path: '/.token', content: 'b' },
    ]
    expect(plainPath('~/.token')).toBe('.token')
    expect(check(draft).files).toEqual({ 1: expect.stringContaining('~/.token') as string })
    expect(isFine(check(draft))).toBe(false)
  })

  it('refuses a variable twice, a file without a path, and a new workspace without a name', () => {
    const draft = draftOf(makeTemplate())
    draft.env = [
      { key: 'A', value: '1' },
      { key: 'A ', value: '2' },
    ]
    draft.files = [{ path: '', content: 'b' }]
    draft.workspace = 'new'
    const errors = check(draft)
    expect(Object.keys(errors.env)).toEqual(['A'])
    expect(errors.files[0]).toBeTruthy()
    expect(errors.workspace).toBeTruthy()
    expect(isFine(check(draftOf(makeTemplate())))).toBe(true)
  })

  it('puts what the hub found wrong to its fields', () => {
    const draft = draftOf(makeTemplate())
    draft.files = [{ path: 'a/b', content: '' }]
    draft.packages = 'good\nb@d'
    const errors = errorsOf(
      [
        { pointer: '/size/cpu', message: 'too many' },
        { pointer: '/secret_files/a~1b', message: 'bad path' },
        { pointer: '/extra_packages/1', message: 'bad name' },
        { pointer: '/spec/git_url', message: 'bad address' },
        { pointer: '/env/1X', message: 'bad variable' },
        { pointer: '', message: 'bad altogether' },
      ],
      draft,
    )
    expect(errors).toEqual({
      size: 'too many',
      packages: 'b@d: bad name',
      gitUrl: 'bad address',
      env: { '1X': 'bad variable' },
      files: { 0: 'bad path' },
      other: ['bad altogether'],
    })
  })

  it('starts one like another with its lock, unless the packages are others', () => {
    const template = makeTemplate()
    const like = {
      template: 'jupyterlab',
      packages: ['jupyterlab'],
      extra_packages: ['rich'],
      lock: 'rich==1',
      command: ['jupyter'],
      size: { cpu: 2, memory_bytes: 4 * GIB, gpus: 0 },
    } as EnvironmentSpec
    const draft = draftOf(template, like)
    expect(draft.size).toEqual({ cpu: 2, memoryGib: 4, gpus: 0 })
    expect(bodyOf(draft, template, like).spec).toMatchObject({ lock: 'rich==1', extra_packages: ['rich'] })
    draft.packages += '\nscipy'
    expect(bodyOf(draft, template, like).spec).toMatchObject({ lock: null })
  })
})

describe('sizes', () => {
  it('are told in words, and sliders reach the maximum', () => {
    expect(sizeText({ cpu: 1, memory_bytes: 1.5 * GIB, gpus: 0 })).toBe('1 core, 1.5 GiB')
    expect(sizeText({ cpu: 2, memory_bytes: GIB, gpus: 1 })).toBe('2 cores, 1 GiB, 1 GPU')
    expect(sliderOf(4)).toEqual({ min: 0.5, max: 4, step: 0.5 })
    expect(sliderOf(0.5)).toEqual({ min: 0.125, max: 0.5, step: 0.125 })
  })
})

describe('catalogue', () => {
  it('is put on shelves, found by words, without what is retired', () => {
    const all = [
      makeTemplate(),
      makeTemplate({ slug: 'terminal', name: 'Terminal', category: 'Tools', tags: ['shell'] }),
      makeTemplate({ slug: 'old', is_retired: true }),
    ]
    const slugs = (q: string) => shelves(all, q).map((one) => one.templates.map(({ slug }) => slug))
    expect(slugs('')).toEqual([['jupyterlab'], ['terminal']])
    expect(slugs('tools SHELL')).toEqual([['terminal']])
    expect(slugs('nothing')).toEqual([])
  })
})

describe('template form', () => {
  it('gives back what it was made of', () => {
    const template = makeTemplate({ env: { A: '1' }, files: { 'a.py': 'x = 1\n' } })
    const fields = templates.fieldsOf(templates.draftOf(template))
    expect(fields).toMatchObject({
      command: template.command,
      packages: template.packages,
      env: template.env,
      files: template.files,
      health: template.health,
      activity: 'jupyter',
      size: template.size,
      maximum: template.maximum,
    })
  })

  it('names the line of a package that is wrong', () => {
    const draft = templates.draftOf(makeTemplate())
    const found = templates.errorsOf([{ pointer: '/packages/1', message: 'No.' }], draft)
    expect(found).toEqual({ packages: 'numpy>=2: No.' })
  })
})

describe('usage', () => {
  it('is kept for ten minutes', () => {
    const usage = { cpu_percent: 5, memory_bytes: 7, memory_limit_bytes: null, processes: 1 }
    keepUsage('one', usage, 1_000)
    keepUsage('one', usage, 2_000)
    expect(usageOf('one').map(({ at }) => at)).toEqual([1_000, 2_000])
    keepUsage('one', usage, 1_500 + KEPT_MS)
    expect(usageOf('one').map(({ at }) => at)).toEqual([2_000, 1_500 + KEPT_MS])
    expect(usageOf('two')).toEqual([])
  })

  const bare = { cpu_percent: 5, memory_bytes: 7, memory_limit_bytes: null, processes: 1 }
  const limits = { cores: 2, memoryBytes: GIB }

  it('is drawn as far as it is measured', () => {
    const [cpu, memory, disk, network] = chartsOf([{ at: 1, usage: bare }], bare, limits)
    expect([cpu?.top, memory?.top]).toEqual([200, GIB])
    expect([cpu?.points.length, disk?.points.length, network?.points.length]).toEqual([1, 0, 0])
    expect(disk?.summary).toContain('Not measured')
    expect(network?.summary).toContain('shares the machine’s network')
  })

  it('tells disk and network where they are', () => {
    const usage = {
      ...bare,
      disk_bytes: 5_000_000,
      disk_limit_bytes: 10_000_000,
      received_bytes_per_second: 1_500,
      sent_bytes_per_second: 0,
    }
    const [, , disk, network] = chartsOf([{ at: 1, usage }], usage, limits)
    expect([disk?.summary, disk?.top]).toEqual(['5.0 MB of 10.0 MB', 10_000_000])
    expect([network?.summary, network?.points[0]?.value]).toEqual(['1.5 kB/s in, 0 B/s out', 1_500])
  })
})

describe('images', () => {
  const image = {
    id: 'sha256:ab',
    names: ['z:1', 'a:1'],
    size_bytes: 1,
    created_at: '2026-01-01T00:00:00Z',
    used_by: [],
    containers: 0,
  }
  const job = {
    job: 'j',
    kind: 'image-pull' as const,
    name: 'a:1',
    state: 'running' as const,
    progress: { percent: 40, text: 'fetched 40 MiB of 100 MiB (40 %)' },
    reason: null,
    lines: [],
  }

  it('are listed by each of their names', () => {
    expect(namedImages([image]).map(({ name, others }) => [name, others])).toEqual([
      ['a:1', ['z:1']],
      ['z:1', ['a:1']],
    ])
  })

  it('tell how far work on them is', () => {
    expect(jobText(job)).toBe('Fetched 40 MiB of 100 MiB (40 %)')
    expect(jobText({ ...job, progress: null, kind: 'image-build' })).toBe('Building…')
    expect(jobText({ ...job, state: 'failed', reason: 'no such image' })).toBe('no such image')
  })
})

describe('list', () => {
  beforeEach(() => setActivePinia(createPinia()))

  it('follows what the stream tells', () => {
    const store = useEnvironments()
    store.receive({ id: '1', event: 'environment', data: JSON.stringify(makeEnvironment()) })
    expect(store.all.map(({ slug }) => slug)).toEqual(['jupyterlab-abcde-env'])
    store.receive({ id: '2', event: 'environment-removed', data: '{"slug":"jupyterlab-abcde-env"}' })
    expect(store.all).toEqual([])
  })

  it('forgets what is no longer there', async () => {
    const store = useEnvironments()
    store.put(makeEnvironment({ slug: 'gone' }))
    vi.stubGlobal('fetch', () =>
      Promise.resolve(Response.json({ items: [makeEnvironment()], next_cursor: null })),
    )
    await store.refresh()
    vi.unstubAllGlobals()
    expect(store.all.map(({ slug }) => slug)).toEqual(['jupyterlab-abcde-env'])
  })
})
