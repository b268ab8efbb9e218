// A certified OpenID provider for tests: `node provider.mjs '{"issuer": …, "client": …}'`. It prints `ready` once it
// listens, and takes orders on its standard input, one JSON object a line; each is answered by `done`.

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { Provider } from 'oidc-provider'

const { issuer, client, groupsIn } = JSON.parse(process.argv[2])
const people = new Map()

const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })

const provider = new Provider(issuer, {
  clients: [client],
  jwks: { keys: [{ ...key, kid: 'k1', alg: 'RS256', use: 'sig' }] },
  cookies: {
    keys: [randomBytes(16).toString('hex')],
    // Two providers on one host share its cookies, whatever their ports.
    names: { session: `session_${new URL(issuer).port}`, interaction: `doing_${new URL(issuer).port}`, resume: `resume_${new URL(issuer).port}` },
  },
  claims: { openid: ['sub', ...(groupsIn ? [groupsIn] : [])], email: ['email', 'email_verified'], profile: ['name'] },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = page('Sign out?', `${form}<button form="op.logoutForm" name="logout" value="yes">Yes, sign out</button>`)
      },
      postLogoutSuccessSource: (ctx) => {
        ctx.body = page('Signed out', '')
      },
    },
  },
  findAccount: (_, id) => (people.has(id) ? { accountId: id, claims: () => ({ sub: id, ...people.get(id) }) } : undefined),
  // Whoever signs in has agreed: the client is the lab's own.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId })
    grant.addOIDCScope('openid email profile')
    await grant.save()
    return grant
  },
  // It would not call anything on this machine by itself, for fear of being used against it.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Interaction: 300, Session: 3600, Grant: 3600 },
})
for (const event of ['server_error', 'backchannel.error']) provider.on(event, (_, error) => console.error(error))

const page = (title, body) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${body}</html>`

const FORM = `<form method="post"><label>Login <input name="login" autofocus></label>
<button>Continue</button> <button name="cancel" value="yes">Cancel</button></form>`

async function interact(request, response) {
  if (request.method === 'GET') {
    await provider.interactionDetails(request, response)
    response.setHeader('content-type', 'text/html')
    return response.end(page('Who are you?', FORM))
  }
  let body = ''
  for await (const part of request) body += part
  const sent = new URLSearchParams(body)
  const result = sent.has('cancel')
    ? { error: 'access_denied', error_description: 'cancelled' }
    : { login: { accountId: sent.get('login') } }
  await provider.interactionFinished(request, response, result)
}

const answer = provider.callback()
const server = createServer((request, response) => {
  if (!request.url.startsWith('/interaction/')) return answer(request, response)
  interact(request, response).catch((error) => response.writeHead(500).end(String(error)))
})
server.listen(Number(new URL(issuer).port), '127.0.0.1', () => console.log('ready'))

const orders = {
  // Let somebody be known, as they are from now on.
  person: ({ id, claims }) => people.set(id, claims),
}
const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => {
  const { order, ...about } = JSON.parse(line)
  orders[order](about)
  console.log('done')
})
lines.on('close', () => process.exit(0))
