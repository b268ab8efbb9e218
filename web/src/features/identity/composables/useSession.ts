import { defineStore } from 'pinia'
import { ref } from 'vue'
import { api, unwrap } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import type { InvitationAcceptance, User } from '@/api/types'

/** Who is signed in: the router, the shell and the account page share it. */
export const useSession = defineStore('session', () => {
  const user = ref<User | null>(null)
  let loading: Promise<User | null> | undefined

  /** Return who is signed in, asking the hub once; null when nobody is. */
  function load(): Promise<User | null> {
    if (user.value) return Promise.resolve(user.value)
    loading ??= ask().finally(() => (loading = undefined))
    return loading
  }

  async function ask(): Promise<User | null> {
    try {
      user.value = (await unwrap(api.GET('/api/v1/auth/me'), { quiet401: true })).user
    } catch (thrown) {
      if (ApiProblem.from(thrown).status !== 401) throw thrown
      user.value = null
    }
    return user.value
  }

  async function signIn(email: string, password: string): Promise<void> {
    user.value = (
      await unwrap(api.POST('/api/v1/auth/login', { body: { email, password } }), { quiet401: true })
    ).user
  }

  async function setUp(account: {
    code: string
    name: string
    email: string
    password: string
  }): Promise<void> {
    user.value = (await unwrap(api.POST('/api/v1/setup', { body: account }), { quiet401: true })).user
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
  async function accept(body: InvitationAcceptance): Promise<void> {
    user.value = (await unwrap(api.POST('/api/v1/auth/invitation/accept', { body }), { quiet401: true })).user
  }

  /** End the session here, at the hub, and at the provider where it began, then start over with a page that remembers nothing. */
  async function signOut(): Promise<void> {
    const left = await unwrap(api.POST('/api/v1/auth/logout'), { quiet401: true })
    window.location.assign(left?.url ?? '/sign-in')
  }

  function forget(): void {
    user.value = null
  }

  return { user, load, signIn, setUp, accept, rename, changePassword, signOut, forget }
})
