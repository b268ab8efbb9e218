import { defineStore } from 'pinia'
import { ref } from 'vue'
import { api, unwrap } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import type { Account, FactorOffer, Impersonation, InvitationAcceptance, NextStep, User } from '@/api/types'
import { askPasskey } from './usePasskeys'

/** Told to the other tabs when this browser begins or ends to act as somebody else. */
export const ACTING_CHANNEL = 'hothouse-acting'

/** Who is signed in: the router, the shell and the account page share it. */
export const useSession = defineStore('session', () => {
  const user = ref<User | null>(null)
  /** Under what the browser's owner acts as `user`; null where they are themselves. */
  const impersonation = ref<Impersonation | null>(null)
  let loading: Promise<User | null> | undefined

  /** Return who is signed in, asking the hub once; null when nobody is. */
  function load(): Promise<User | null> {
    if (user.value) return Promise.resolve(user.value)
    loading ??= ask().finally(() => (loading = undefined))
    return loading
  }

  async function ask(): Promise<User | null> {
    try {
      const me = await unwrap(api.GET('/api/v1/auth/me'), { quiet401: true })
      user.value = me.user
      impersonation.value = me.impersonation ?? null
    } catch (thrown) {
      const problem = ApiProblem.from(thrown)
      if (problem.status !== 401) throw thrown
      user.value = impersonation.value = null
      if (problem.kind === 'impersonation-over') return askOnceMore()
    }
    return user.value
  }

  async function askOnceMore(): Promise<User | null> {
    await unwrap(api.POST('/api/v1/auth/impersonation/stop'), { quiet401: true })
    return ask()
  }

  /** Take in how far a sign-in got: null when it is done, else the next step. */
  function take(answer: { user: User } | NextStep): NextStep | null {
    if (!('user' in answer)) return answer
    user.value = answer.user
    impersonation.value = null
    return null
  }

  async function signIn(email: string, password: string): Promise<NextStep | null> {
    const body = { email, password }
    return take(await unwrap(api.POST('/api/v1/auth/login', { body }), { quiet401: true }))
  }

  /** Ask whether a sign-in in this browser waits for its second step. */
  async function pendingStep(): Promise<NextStep | null> {
    return (await unwrap(api.GET('/api/v1/auth/second-step'), { quiet401: true })).pending
  }

  async function giveCode(code: string): Promise<void> {
    take(await unwrap(api.POST('/api/v1/auth/second-step', { body: { code } }), { quiet401: true }))
  }

  /** Let a passkey answer in place of a code. */
  async function givePasskey(): Promise<void> {
    const { options } = await unwrap(api.POST('/api/v1/auth/second-step/passkey/begin'), { quiet401: true })
    const body = { credential: await askPasskey(options) }
    take(await unwrap(api.POST('/api/v1/auth/second-step/passkey', { body }), { quiet401: true }))
  }

  async function beginSetUp(): Promise<FactorOffer> {
    return unwrap(api.POST('/api/v1/auth/second-step/set-up'), { quiet401: true })
  }

  /** Turn the second factor on and be signed in; returns the recovery codes. */
  async function finishSetUp(code: string): Promise<string[]> {
    const body = { code }
    const done = await unwrap(api.POST('/api/v1/auth/second-step/set-up/confirm', { body }), {
      quiet401: true,
    })
    take(done)
    return done.recovery_codes
  }

  async function giveUp(): Promise<void> {
    await unwrap(api.DELETE('/api/v1/auth/second-step'), { quiet401: true })
  }

  /** Act as somebody else, and start over with a page that remembers nothing. */
  async function viewAs(person: Account, reason: string, minutes: number): Promise<void> {
    const params = { path: { user_id: person.id } }
    await unwrap(api.POST('/api/v1/users/{user_id}/impersonate', { params, body: { reason, minutes } }))
    startOver()
  }

  async function stopViewing(): Promise<void> {
    await unwrap(api.POST('/api/v1/auth/impersonation/stop'), { quiet401: true })
    startOver()
  }

  function startOver(): void {
    new BroadcastChannel(ACTING_CHANNEL).postMessage('changed')
    window.location.assign('/')
  }

  async function setUp(account: {
    code: string
    name: string
    email: string
    password: string
  }): Promise<NextStep | null> {
    return take(await unwrap(api.POST('/api/v1/setup', { body: account }), { quiet401: true }))
  }

  async function rename(name: string): Promise<void> {
    user.value = (await unwrap(api.PATCH('/api/v1/account', { body: { name } }))).user
  }

  /** Change the password, or set a first one; every other session of the person ends. */
  async function changePassword(present: string | null, next: string): Promise<void> {
    const body = { current_password: present, new_password: next }
    await unwrap(api.POST('/api/v1/account/password', { body }))
  }

  /** Make an account by an invitation, and be signed in with it. */
  async function accept(body: InvitationAcceptance): Promise<NextStep | null> {
    return take(await unwrap(api.POST('/api/v1/auth/invitation/accept', { body }), { quiet401: true }))
  }

  /** End the session here, at the hub, and at the provider where it began, then start over with a page that remembers nothing. */
  async function signOut(): Promise<void> {
    const left = await unwrap(api.POST('/api/v1/auth/logout'), { quiet401: true })
    window.location.assign(left?.url ?? '/sign-in')
  }

  function forget(): void {
    user.value = impersonation.value = null
  }

  return {
    user,
    impersonation,
    load,
    signIn,
    pendingStep,
    giveCode,
    givePasskey,
    beginSetUp,
    finishSetUp,
    giveUp,
    viewAs,
    stopViewing,
    setUp,
    accept,
    rename,
    changePassword,
    signOut,
    forget,
  }
})
