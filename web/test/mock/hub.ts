import type { IncomingMessage, ServerResponse } from 'node:http'
import { MockData } from './data'

/** A hub of canned answers, for working on pages alone: what it says is plausible, nothing of it is real. */

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const ada = { id: 'u1', name: 'Ada Gärtner', email: 'ada@example.org' }
const user = { ...ada, role: 'admin', created_at: ago(90_000) }

function app(slug: string, name: string, kind: string, state: string, rest: object = {}) {
  return {
    id: `a-${slug}`,
    slug,
    name,
    kind,
    state,
    description: `${name}: what it does, in a sentence that is long enough to need a second line in a card.`,
    icon: null,
    tags: ['example'],
    reason: null,
    release: 3,
    url: `http://${slug}.apps.localhost:8000/`,
    owner: ada,
    access: 'private',
    last_activity_at: ago(7),
    created_at: ago(50_000),
    updated_at: ago(10),
    deployment: null,
    permissions: ['app.open', 'app.view', 'app.edit', 'app.share', 'app.delete'],
    ...rest,
  }
}

const deployment = {
  id: 'd1',
  app: 'stats-dashboard',
  kind: 'deploy',
  release: 4,
  state: 'failed',
  reason: 'The app exited with code 1 before it answered on $PORT.',
  log_tail: [
    'Traceback (most recent call last):',
    '  File "main.py", line 3, in <module>',
    "ModuleNotFoundError: No module named 'polars'",
  ],
  created_at: ago(12),
  finished_at: ago(11),
  created_by: ada,
}

const apps = [
  app('click-tracker', 'Click Tracker', 'experiment', 'running', { icon: '🖱️', access: 'public' }),
  app('hello', 'Hello', 'experiment', 'sleeping', {
    icon: 'hand',
    reason: 'Nobody has visited for 30 minutes.',
  }),
  app('stats-dashboard', 'Stats Dashboard', 'experiment', 'running', { deployment }),
  app('streamlit-explorer', 'Streamlit Explorer', 'streamlit', 'starting', {
    reason: 'Waiting for the first answer.',
    access: 'signed-in',
  }),
  app('static-site', 'Static Site', 'static', 'stopped', { last_activity_at: null, owner: null }),
  app('billing-forecast-with-a-long-name', 'Billing forecast with a rather long name', 'dash', 'failed', {
    reason: 'killed by signal 9 (SIGKILL): out of memory (limit 512 MiB)',
    icon: '📈',
  }),
]

const manifest = {
  schema_version: '1',
  slug: 'click-tracker',
  name: 'Click Tracker',
  kind: 'experiment',
  entry: 'app:experiment',
  requirements: 'requirements.txt',
  resources: { memory: '512MiB' },
}

const detail = (one: object) => ({
  ...one,
  manifest,
  members: [],
  overrides: {},
  idle_minutes: 30,
  env: { GREETING: 'hello' },
  secret_names: ['API_KEY'],
  secrets_missing: ['SMTP_PASSWORD'],
  database: 'hh_3k9x7q2m4v1t',
  usage: { cpu_percent: 3.2, memory_bytes: 93_000_000, memory_limit_bytes: 536_870_912, processes: 2 },
  workload: {
    id: 'w1',
    started_at: ago(340),
    restarts: 0,
    isolation: {
      level: 'good',
      mechanism: 'bubblewrap',
      reasons: ['cgroups are not writable: limits hold per process, not for the whole tree'],
    },
  },
  etag: '"7"',
  former_slugs: ['first-try'],
})

const release = (number: number, rest: object = {}) => ({
  number,
  state: 'built',
  serving: false,
  created_at: ago(3000 - number * 700),
  created_by: ada,
  message: '',
  digest: `9f2c1b8e77a4${number}d`,
  size: 48_213 + number * 811,
  file_count: 14,
  lock_digest: 'ab',
  error: null,
  ...rest,
})

const upload = {
  id: 'up1',
  digest: '9f2c1b8e77a4',
  size: 48_213,
  file_count: 3,
  files: ['app.py', 'requirements.txt', 'data/penguins.csv'],
  manifest: {
    schema_version: '1',
    slug: 'penguins',
    name: 'Penguins',
    kind: 'streamlit',
    entry: 'app.py',
    requirements: 'requirements.txt',
  },
  origin: 'proposed',
  report: [
    { level: 'guess', pointer: '/kind', message: 'app.py imports streamlit.' },
    { level: 'guess', pointer: '/slug', message: 'Made of the name of the archive.' },
  ],
  problems: [],
  existing_app: null,
  expires_at: ago(-60),
}

const diff = {
  changes: [
    { op: 'replace', pointer: '/resources/memory', before: '256MiB', after: '512MiB' },
    { op: 'add', pointer: '/env/GREETING', before: null, after: 'hello' },
  ],
  packages: [
    { name: 'fastapi', before: '0.164.0', after: '0.165.1' },
    { name: 'polars', before: null, after: '2.1.0' },
  ],
}

const data = new MockData(apps)

const people = Array.from({ length: 50 }, (_, at) => ({
  ...user,
  id: at === 0 ? user.id : `p${at}`,
  name: at === 0 ? user.name : `Person ${at}`,
  email: at === 0 ? user.email : `person-${at}@example.org`,
  role: at % 9 === 0 ? 'admin' : 'user',
  is_active: at % 7 !== 3,
}))
const find = (id: string | undefined) => people.find((one) => one.id === id) ?? {}
const link = (page: string) => ({
  url: `http://localhost:8000/${page}#made-up-code-of-the-mock`,
  expires_at: ago(-9000),
  is_mailed: false,
})
const invitation = {
  id: 'i1',
  email: null,
  role: 'user',
  state: 'open',
  invited_by: 'Ada Gärtner',
  created_at: ago(60),
  expires_at: ago(-9000),
  accepted_by: null,
}

const session = (id: string, browser: string, system: string, rest: object = {}) => ({
  id,
  device: { browser, system },
  address: '192.0.2.17',
  created_at: ago(9000),
  last_used_at: ago(40),
  expires_at: ago(-9000),
  is_current: false,
  ...rest,
})

let sessions = [
  session('s1', 'Firefox 140', 'Linux', { is_current: true, last_used_at: ago(0) }),
  session('s2', 'Safari 26', 'iOS', { address: '2001:db8::1f:40c3:8a2e' }),
  session('s3', 'Unknown', 'Unknown'),
]

function endSessions(id: string | undefined): object {
  sessions = sessions.filter((one) => one.is_current || (id !== undefined && one.id !== id))
  return {}
}

let secrets: { name: string }[] = [
  { name: 'API_KEY', kind: 'variable', path: null },
  { name: 'aws', kind: 'file', path: '.aws/credentials' },
].map((one) => ({ ...one, size: 116, changed_at: ago(9000), last_read_at: null }))

function dropSecret(name: string | undefined): object {
  secrets = secrets.filter((one) => one.name !== name)
  return {}
}

function setSecret(name: string, body: Body): object {
  const { value, ...told } = body
  const kept = { ...told, name, size: value.length, changed_at: ago(0), last_read_at: null }
  dropSecret(name)
  secrets.push(kept)
  return kept
}

type Answer = unknown
interface Body {
  collections: string[]
  storage_bytes: number | null
  name: string
  role: string
  value: string
}
const ROUTES: [string, RegExp, (match: RegExpExecArray, body: Body) => Answer][] = [
  ['GET', /^\/apps\/([^/]+)\/data$/, ([, slug = '']) => data.overview(slug)],
  ['PATCH', /^\/apps\/([^/]+)\/data$/, ([, slug = ''], body) => data.allow(slug, body.storage_bytes)],
  ['GET', /^\/data\/requests$/, () => data.requests()],
  [
    'PUT',
    /^\/apps\/([^/]+)\/data\/readers\/([^/]+)$/,
    ([, slug = '', reader = ''], body) => data.decide(slug, reader, body.collections),
  ],
  [
    'DELETE',
    /^\/apps\/([^/]+)\/data\/readers\/([^/]+)$/,
    ([, slug = '', reader = '']) => data.takeBack(slug, reader),
  ],
  ['GET', /^\/setup$/, () => ({ needed: false })],
  ['GET', /^\/auth\/second-step$/, () => ({ pending: null })],
  ['GET', /^\/account\/second-factor$/, () => ({ is_on: false, is_required: false, recovery_codes_left: 0 })],
  ['GET', /^\/account\/passkeys$/, () => ({ items: [], next_cursor: null })],
  ['GET', /^\/account\/secrets$/, () => ({ items: secrets, next_cursor: null })],
  ['PUT', /^\/account\/secrets\/(.+)$/, ([, name = ''], body) => setSecret(name, body)],
  ['DELETE', /^\/account\/secrets\/(.+)$/, ([, name]) => dropSecret(name)],
  ['GET', /^\/account\/impersonations$/, () => ({ items: [], next_cursor: null })],
  ['GET', /^\/auth\/me$/, () => ({ user })],
  ['POST', /^\/(auth\/login|setup)$/, () => ({ user })],
  ['PATCH', /^\/account$/, (_, { name }) => ({ user: Object.assign(user, { name }) })],
  ['POST', /^\/account\/password$/, () => ({})],
  ['GET', /^\/users$/, () => ({ items: people, next_cursor: null })],
  ['PATCH', /^\/users\/(.+)$/, ([, id], { role }) => Object.assign(find(id), { role })],
  ['POST', /^\/users\/(.+)\/deactivate$/, ([, id]) => Object.assign(find(id), { is_active: false })],
  ['POST', /^\/users\/(.+)\/reactivate$/, ([, id]) => Object.assign(find(id), { is_active: true })],
  ['POST', /^\/users\/.+\/reset-link$/, () => link('reset-password')],
  ['GET', /^\/invitations$/, () => ({ items: [invitation], next_cursor: null })],
  ['POST', /^\/invitations$/, () => ({ ...invitation, ...link('invitation') })],
  ['POST', /^\/auth\/(invitation|reset)$/, () => ({ ...invitation, email: 'noa@example.org' })],
  ['POST', /^\/auth\/(invitation\/accept|reset\/finish)$/, () => ({ user })],
  ['GET', /^\/account\/sessions$/, () => ({ items: sessions, next_cursor: null })],
  ['DELETE', /^\/account\/sessions(?:\/(.+))?$/, ([, id]) => endSessions(id)],
  [
    'GET',
    /^\/tokens$/,
    () => ({
      items: [
        {
          id: 't1',
          name: 'laptop',
          scopes: ['read'],
          expires_at: ago(-9000),
          created_at: ago(4000),
          last_used_at: ago(3),
        },
      ],
      next_cursor: null,
    }),
  ],
  [
    'POST',
    /^\/tokens$/,
    () => ({
      id: 't2',
      name: 'CI',
      scopes: null,
      expires_at: null,
      created_at: ago(0),
      last_used_at: null,
      token: 'hh_made-up-token-of-the-mock',
    }),
  ],
  ['GET', /^\/apps$/, () => ({ items: apps, next_cursor: null })],
  ['GET', /^\/apps\/([^/]+)$/, ([, slug]) => detail(apps.find((one) => one.slug === slug) ?? apps[0] ?? {})],
  [
    'GET',
    /^\/apps\/[^/]+\/releases$/,
    () => ({
      items: [
        release(4, { state: 'failed', error: 'No module named polars' }),
        release(3, { serving: true }),
        release(2),
        release(1),
      ],
      next_cursor: null,
    }),
  ],
  ['GET', /\/diff$/, () => diff],
  ['GET', /^\/deployments\//, () => deployment],
  ['POST', /^\/uploads$/, () => upload],
  ['POST', /\/deploy$/, () => deployment],
  ['POST', /^\/apps\/([^/]+)\/(start|stop)$/, ([, slug]) => apps.find((one) => one.slug === slug)],
]

export async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://mock')
  const path = url.pathname.replace('/api/v1', '')
  let body = ''
  for await (const part of request) body += String(part)
  if (url.searchParams.has('follow') || path === '/events') return stream(path, response)
  const found = ROUTES.find(([method, pattern]) => method === request.method && pattern.test(path))
  const match = found?.[1].exec(path)
  const isMade = request.method === 'POST' && /^\/(uploads|tokens)$/.test(path)
  response.writeHead(found ? (isMade ? 201 : 200) : 404, {
    'content-type': found ? 'application/json' : 'application/problem+json',
  })
  response.end(
    JSON.stringify(
      found && match
        ? found[2](match, JSON.parse(body.startsWith('{') ? body : '{}') as Body)
        : { title: 'Not found', status: 404, detail: 'The mock does not know this.' },
    ),
  )
}

function stream(path: string, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(': open\n\n')
  if (path === '/events') return
  let offset = 0
  const line = (text: string, stream = 'stdout') => {
    offset += 1
    response.write(
      `id: ${offset}\nevent: line\ndata: ${JSON.stringify({ offset, at: new Date().toISOString(), stream, text })}\n\n`,
    )
  }
  line('Starting release 3', 'platform')
  for (let count = 0; count < 400; count += 1) {
    line(
      `INFO:     127.0.0.1:${40_000 + count} - "GET /api/clicks?page=${count} HTTP/1.1" 200 OK`,
      count % 17 === 3 ? 'stderr' : 'stdout',
    )
  }
  const timer = setInterval(() => line(`tick ${offset}`), 1000)
  response.on('close', () => clearInterval(timer))
}
