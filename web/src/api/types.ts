/** Names that the pages use for what the hub answers; the shapes come from its OpenAPI document. */
import type { components } from './schema'

type Schemas = components['schemas']

export type User = Schemas['User']
export type App = Schemas['App']
export type AppDetail = Schemas['AppDetail']
export type AppSettings = Schemas['AppSettings']
export type AppState = App['state']
export type Access = App['access']
export type Deployment = Schemas['Deployment']
export type DeploymentState = Deployment['state']
export type Release = Schemas['Release']
export type ReleaseDetail = Schemas['ReleaseDetail']
export type ReleaseDiff = Schemas['ReleaseDiff']
export type Upload = Schemas['Upload']
/** A sign-in that lasts, on one device. */
export type SignedInSession = Schemas['Session']
/** What is still to be done to sign in. */
export type NextStep = Schemas['NextStep']
export type FactorOffer = Schemas['FactorOffer']
export type Passkey = Schemas['Passkey']
export type DeviceRequest = Schemas['DeviceRequest']
/** A time during which an admin acted as somebody else. */
export type Impersonation = Schemas['Impersonation']
/** A person's account, as admins see it. */
export type Account = Schemas['Account']
export type Invitation = Schemas['Invitation']
export type InvitationMade = Schemas['IssuedInvitation']
export type InvitationAcceptance = Schemas['Acceptance']
export type NewInvitation = Schemas['NewInvitation']
export type ResetLink = Schemas['ResetLink']
export type SignInProvider = Schemas['SignInProvider']
/** A person's account at a provider, which opens theirs here. */
export type SignInIdentity = Schemas['Identity']
export type Token = Schemas['Token']
export type NewTokenRequest = Schemas['NewToken']
export type NewToken = Schemas['IssuedToken']
/** A secret of the person signed in, without its value. */
export type PersonalSecret = Schemas['PersonalSecret']
export type PersonalSecretValue = Schemas['PersonalSecretValue']
export type Person = Schemas['Person']
export type AppRef = Schemas['AppRef']
export type DataOverview = Schemas['DataOverview']
export type DataRead = Schemas['DataRead']
export type DataReader = Schemas['DataReader']
export type DataRequest = Schemas['DataRequest']
export type AuditEntry = Schemas['AuditEntry']
export type AuditThing = Schemas['AuditThing']
export type AuditState = Schemas['AuditState']
export type AuditVerification = Schemas['AuditVerification']
export type SignInOptions = Schemas['SignInOptions']
export type SubjectInfo = Schemas['SubjectInfo']
export type Group = Schemas['Group']
export type Membership = Schemas['Membership']
export type AccessRole = Schemas['Role']
export type ActionDescription = Schemas['ActionDescription']
export type ThingSharing = Schemas['Sharing']
export type AccessGrant = Schemas['Grant']
export type NewGrant = Schemas['NewGrant']
export type Openness = ThingSharing['openness']
export type Explanation = Schemas['Explanation']
export type Reached = Schemas['Reached']
export type ReviewedResource = Schemas['ReviewedResource']
export type AccessRequest = Schemas['AccessRequest']
export type Isolation = Schemas['IsolationInfo']
export type Environment = Schemas['Environment']
export type EnvironmentDetail = Schemas['EnvironmentDetail']
export type EnvironmentSettings = Schemas['EnvironmentChange']
export type EnvironmentSpec = Schemas['Spec']
export type NewEnvironment = Schemas['NewEnvironment']
/** How an environment is used, and what that leads to. */
export type EnvironmentActivity = Schemas['Activity']
/** What an environment may use. */
export type EnvironmentSize = Schemas['Size']
/** A template of the catalogue: what has a default is optional only in what is sent. */
export type Template = Required<Schemas['Template']>
export type NewTemplate = Schemas['NewTemplate']
export type TemplateFields = Schemas['TemplateChange']
export type LatencyBucket = DataOverview['latency'][number]

/** One thing that is wrong with a document, and where (a JSON pointer). */
export interface PointedError {
  pointer: string
  message: string
}

/** A manifest under construction: what the schema knows is checked by the hub, not here. */
export type Manifest = Record<string, unknown>

/** A line of a build or run log as the hub streams it. */
export interface LogLine {
  offset: number
  at: string
  stream: 'stdout' | 'stderr' | 'platform'
  text: string
  /** Of which workload, in a run log. */
  workload?: string
}
/** Files that outlive environments. */
export type Workspace = Schemas['Workspace']
export type WorkspaceSnapshot = Schemas['WorkspaceSnapshot']
export type WorkspaceJob = Schemas['WorkspaceJob']
/** Something in a workspace; `name` is to be shown, `path` to be sent. */
export type FileEntry = Schemas['FileEntry']
export type BinEntry = Schemas['BinEntry']
export type FileUpload = Schemas['FileUpload']

export type RunningWorkload = Schemas['RunningWorkload']
export type UsageSeries = Schemas['UsageSeries']
export type Tier = Schemas['Tier']
export type TierFields = Schemas['TierFields']
export type Quota = Schemas['Quota']
export type QuotaLimits = Schemas['QuotaLimits']
/** How much there is of everything that a quota may limit. */
export type QuotaUsed = Schemas['Used']
export type MyQuotas = Schemas['MyQuotas']
export type HeldThing = Schemas['HeldThing']
export type Notice = Schemas['Notice']
/** A container image on this machine, and work on one. */
export type ContainerImage = Schemas['Image']
export type ImageJob = Schemas['ImageJob']
export type UsageNow = Schemas['UsageNow']
export type IsolationPolicy = Schemas['IsolationPolicy']
