// Generated from the OpenAPI document of the hub by `npm run api`. Do not edit.

export interface paths {
    "/api/schemas/manifest.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Manifest Schema
         * @description Return the JSON Schema of `manifest.json`, for editors.
         */
        get: operations["schemas.manifest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/{kind}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Sharing
         * @description Show who has which rights on a thing.
         */
        get: operations["access.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/{kind}/{name}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Explain
         * @description Say whether somebody may do something with a thing, and why, step by step.
         */
        get: operations["access.explain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/{kind}/{name}/grants/{subject}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put Grant
         * @description Give somebody a role, in place of the one they had; the role `denied` keeps them out.
         */
        put: operations["access.grant"];
        post?: never;
        /**
         * Remove Grant
         * @description Take away what somebody was given; what they had open because of it ends within 2 seconds.
         */
        delete: operations["access.revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/{kind}/{name}/hand-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand Over
         * @description Give a thing to another owner.
         */
        post: operations["access.hand-over"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/{kind}/{name}/openness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set Openness
         * @description Say whether a thing is private, open to everyone signed in, or public.
         */
        put: operations["access.open"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/{kind}/{name}/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who Can
         * @description List the people who may do something with a thing.
         */
        get: operations["access.people"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow Requests
         * @description Follow how many requests wait for the caller: `requests`, at once and whenever the number is another.
         */
        get: operations["access.events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Requests
         * @description List requests that the caller may decide, the newest first.
         */
        get: operations["access.requests"];
        put?: never;
        /**
         * Ask For Access
         * @description Ask for a role on a thing; the answer is the same whether there is such a thing or not.
         */
        post: operations["access.request"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/requests/{request_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Withdraw Request
         * @description Take back a request that nobody answered.
         */
        delete: operations["access.withdraw-request"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/requests/{request_id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide Request
         * @description Grant or refuse a request; with another role, or for a time, if need be.
         */
        post: operations["access.decide"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/requests/mine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Own Requests
         * @description List what the caller asked for.
         */
        get: operations["access.own-requests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/review/people/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Review Person
         * @description List all that somebody may see, and by what right; everybody may for themselves.
         */
        get: operations["access.review-person"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/review/resources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Review Resources
         * @description List all things with their owners, how open they are, and what is worth a second look.
         */
        get: operations["access.review-resources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Update Profile
         * @description Change the caller's name.
         */
        patch: operations["account.update"];
        trace?: never;
    };
    "/api/v1/account/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Ways In
         * @description Show how the caller can sign in.
         */
        get: operations["identities.list"];
        put?: never;
        /**
         * Link
         * @description Begin to link an account at a provider to the caller's: says where the browser is to go.
         */
        post: operations["identities.link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/identities/{identity_id}/unlink": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unlink
         * @description Let an account at a provider open the caller's no more; one way to sign in always stays.
         */
        post: operations["identities.unlink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/impersonations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Impersonations
         * @description List when admins acted as the caller, the newest first.
         */
        get: operations["account.impersonations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Notices
         * @description List what admins tell the caller.
         */
        get: operations["notices.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/notices/{notice_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Read Notice
         * @description Put away something that was read.
         */
        delete: operations["notices.read"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Passkeys
         * @description List the caller's passkeys, the oldest first; there are few, on one page.
         */
        get: operations["passkeys.list"];
        put?: never;
        /**
         * Add Passkey
         * @description Register the passkey that the browser made; it can then be used in place of a code.
         */
        post: operations["passkeys.add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/passkeys/{passkey_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Rename Passkey
         * @description Call a passkey otherwise.
         */
        patch: operations["passkeys.rename"];
        trace?: never;
    };
    "/api/v1/account/passkeys/{passkey_id}/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove Passkey
         * @description Do without a passkey from now on, with a code of the second factor.
         */
        post: operations["passkeys.remove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/passkeys/begin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin Passkey
         * @description Begin to register a passkey, with a code of the second factor.
         */
        post: operations["passkeys.begin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change Password
         * @description Change the caller's password, which ends all sessions but this one; API tokens stay.
         */
        post: operations["account.change-password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/password/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove Password
         * @description Remove the caller's password, which ends all sessions but this one; one way to sign in always stays.
         */
        post: operations["account.remove-password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Factor
         * @description Say how it is with the caller's second factor.
         */
        get: operations["second-factor.show"];
        put?: never;
        /**
         * Begin Set Up
         * @description Get a key for an authenticator app, with the password or a code of the present second factor.
         */
        post: operations["second-factor.begin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/second-factor/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm Set Up
         * @description Turn the second factor on with a code of the app, which ends all sessions but this one; API tokens stay.
         */
        post: operations["second-factor.confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/second-factor/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Renew Codes
         * @description Replace the recovery codes by ten new ones.
         */
        post: operations["second-factor.renew-codes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/second-factor/turn-off": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Turn Off
         * @description Sign in without a second factor from now on.
         */
        post: operations["second-factor.turn-off"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Secrets
         * @description List the caller's secrets by name: what there is, never a value.
         */
        get: operations["personal-secrets.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/secrets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set Secret
         * @description Keep a secret, which the caller's environments are given when they start; replaces one of the same name.
         */
        put: operations["personal-secrets.set"];
        post?: never;
        /**
         * Delete Secret
         * @description Forget a secret; environments that run keep what they were given.
         */
        delete: operations["personal-secrets.delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Sessions
         * @description List the caller's sessions, the newest first.
         */
        get: operations["sessions.list"];
        put?: never;
        post?: never;
        /**
         * Revoke Other Sessions
         * @description End the caller's sessions everywhere but here.
         */
        delete: operations["sessions.revoke-others"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Session
         * @description End one of the caller's sessions, here and on every app's origin it was handed to.
         */
        delete: operations["sessions.revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Actions
         * @description List what roles may allow.
         */
        get: operations["actions.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/capacity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Capacity
         * @description Show how full the machine is, and was.
         */
        get: operations["running.capacity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/isolation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Isolation
         * @description Show how well this machine contains code, and how well each kind of code has to be.
         */
        get: operations["running.isolation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Usage
         * @description Show what was used, by person, or by template and app.
         */
        get: operations["running.usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/usage.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Usage
         * @description Give what was used as a table.
         */
        get: operations["running.export-usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/workloads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Running
         * @description List everything that runs, the newest first.
         */
        get: operations["running.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/workloads/{workload_id}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Extend Running
         * @description Keep an environment running for a while, though nobody uses it.
         */
        post: operations["running.extend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/workloads/{workload_id}/message": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send Message
         * @description Tell the owner of what runs something; they see it wherever they are in Hothouse.
         */
        post: operations["running.message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/workloads/{workload_id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop Running
         * @description Stop the app or environment that a workload runs for.
         */
        post: operations["running.stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Apps
         * @description List the apps the caller may see, by slug.
         */
        get: operations["apps.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show App
         * @description Show everything about one app.
         */
        get: operations["apps.show"];
        put?: never;
        post?: never;
        /**
         * Delete App
         * @description Delete an app for good: workload, database, files, releases.
         */
        delete: operations["apps.delete"];
        options?: never;
        head?: never;
        /**
         * Configure App
         * @description Change an app's settings.
         */
        patch: operations["apps.configure"];
        trace?: never;
    };
    "/api/v1/apps/{slug}/data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Data
         * @description Show what an app uses of its database, what it reads of other apps, and which apps read it.
         */
        get: operations["data.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Limit Data
         * @description Say how much an app may store.
         */
        patch: operations["data.limit"];
        trace?: never;
    };
    "/api/v1/apps/{slug}/data/readers/{reader}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Grant Data
         * @description Decide what another app may read: exactly these collections, or nothing.
         */
        put: operations["data.grant"];
        post?: never;
        /**
         * Take Back Data
         * @description Take back what another app may read; its open change streams end within 2 seconds.
         */
        delete: operations["data.take_back"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/deploy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deploy App
         * @description Make a release of the app serve.
         */
        post: operations["apps.deploy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/deployments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Deployments
         * @description List an app's deployments, newest first.
         */
        get: operations["deployments.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Run Log
         * @description Give the log of the app's workload, and of those that follow it while it is followed.
         */
        get: operations["apps.logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/releases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Releases
         * @description List an app's releases, newest first.
         */
        get: operations["releases.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/releases/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Release
         * @description Show a release with its manifest and dependency lock.
         */
        get: operations["releases.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/releases/{number}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare Releases
         * @description Say what changed in manifest and packages from release `against` to this one.
         */
        get: operations["releases.diff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/releases/{number}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Build Log
         * @description Give the log of the release's build.
         */
        get: operations["releases.log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/releases/{number}/source": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download Source
         * @description Download the source archive of a release.
         */
        get: operations["releases.source"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restart App
         * @description Replace the app's workload by a fresh one, which takes over once it is ready.
         */
        post: operations["apps.restart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Roll Back App
         * @description Go back to the release that served before the present one.
         */
        post: operations["apps.rollback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/secrets/reads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Secret Reads
         * @description List which workloads of an app got which of its secrets, newest first.
         */
        get: operations["apps.secret-reads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start App
         * @description Start a stopped app; a failed one is tried again at once.
         */
        post: operations["apps.start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop App
         * @description Stop an app until somebody starts it; its data and releases stay.
         */
        post: operations["apps.stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Entries
         * @description List who did what, and what was denied to whom, newest first.
         */
        get: operations["audit.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/entries/{seq}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Entry
         * @description Show one entry by its place in the record.
         */
        get: operations["audit.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Entries
         * @description Give the entries as lines of JSON or as a table, oldest first; who took them is put on record.
         */
        get: operations["audit.export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show State
         * @description Say how far the record goes, how long it is kept, and what its last verification found.
         */
        get: operations["audit.state"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start Verification
         * @description Begin to check the whole record in the background; `GET /audit/state` tells how far it got.
         */
        post: operations["audit.start-verification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Verify Entries
         * @description Check that nothing in the record was altered, removed, added or reordered.
         */
        get: operations["audit.verify"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/forgotten": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Forgotten Password
         * @description Have a reset link sent to an address, if it has an account; the answer is the same if not.
         */
        post: operations["passwords.forgotten"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/handover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hand Over
         * @description Hand the caller's sign-in over to an app's own origin, by way of the sign-in page if need be.
         *
         *     Who may not open the app, or if there is none, is sent to where access can be asked for.
         */
        get: operations["auth.handover"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/impersonation/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop
         * @description Act as oneself again; harmless when that is so already.
         */
        post: operations["people.stop-impersonating"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show Invitation
         * @description Say what an invitation is good for, to whoever has its link.
         */
        post: operations["invitations.show"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/invitation/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept Invitation
         * @description Make an account with an invitation, and sign in, by a second step where one is needed.
         */
        post: operations["invitations.accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Login
         * @description Sign in by e-mail and password; the answer sets the session cookie, or says what is still to be done (202).
         */
        post: operations["auth.login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Logout
         * @description End the session, here and on every app's origin it was handed to, and with it acting as somebody else.
         *
         *     Answers 200 if it began at an OpenID provider at which the browser can sign out, too, and says where.
         */
        post: operations["auth.logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Me
         * @description Return the account the caller acts as, and since when somebody else's.
         */
        get: operations["auth.me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Options
         * @description Say what people who are not signed in can do here.
         */
        get: operations["auth.options"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Providers
         * @description List the OpenID providers by which people can sign in.
         */
        get: operations["sign-in-providers.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/providers/{provider_id}/begin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin
         * @description Begin to sign in by a provider: says where the browser is to go, and binds the sign-in to it by a cookie.
         */
        post: operations["sign-in-providers.begin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/providers/{provider_id}/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Finish
         * @description Finish a sign-in with what the provider answered; the answer sets the session cookie, or names the next step.
         */
        post: operations["sign-in-providers.finish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/providers/{provider_id}/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign Out
         * @description Be told by a provider that somebody signed out there (OpenID Connect Back-Channel Logout).
         */
        post: operations["sign-in-providers.sign-out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register
         * @description Register by oneself, where that is open: leads to an invitation, by mail where mail is sent.
         */
        post: operations["auth.register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show Reset
         * @description Say whose password a link resets, to whoever has it.
         */
        post: operations["passwords.show-reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/reset/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Finish Reset
         * @description Set a new password with a reset link, which ends all sessions; API tokens stay.
         */
        post: operations["passwords.reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/second-step": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Step
         * @description Say whether a sign-in in this browser waits for its second step.
         */
        get: operations["auth.show-second-step"];
        put?: never;
        /**
         * Answer Step
         * @description Finish a sign-in with a code of the second factor; the answer sets the session cookie.
         */
        post: operations["auth.second-step"];
        /**
         * Give Up
         * @description Begin anew, perhaps as somebody else.
         */
        delete: operations["auth.give-up"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/second-step/passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer Step
         * @description Finish a sign-in with what a passkey answered; the answer sets the session cookie.
         */
        post: operations["auth.passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/second-step/passkey/begin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin Step
         * @description Get what to ask a passkey, to finish a sign-in with it.
         */
        post: operations["auth.begin-passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/second-step/set-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin Step Set Up
         * @description Get a key for an authenticator app, where one is needed to sign in.
         */
        post: operations["auth.begin-set-up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/second-step/set-up/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Finish Step Set Up
         * @description Turn the second factor on with a code of the app, and sign in.
         */
        post: operations["auth.finish-set-up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/culling/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Preview Culling
         * @description Say what would be put to sleep or stopped, when and why, the soonest first.
         */
        get: operations["culling.preview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/culling/record": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Record Of Culling
         * @description Say what was put to sleep or stopped, and why, newest first.
         */
        get: operations["culling.record"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/data/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Requests
         * @description List what waits for the caller to decide.
         */
        get: operations["data.requests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deployments/{deployment_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Deployment
         * @description Show where a deployment stands.
         */
        get: operations["deployments.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/device/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve
         * @description Let the device have an API token of the caller's, for what it asked for or less.
         */
        post: operations["device.approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/device/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin
         * @description Begin to sign a device in; a person decides about it at the address in the answer (RFC 8628).
         */
        post: operations["device.begin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/device/deny": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deny
         * @description Refuse the device.
         */
        post: operations["device.deny"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/device/request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show Request
         * @description Say what the device that shows a code asks for.
         */
        post: operations["device.show"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/device/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Poll
         * @description Ask whether it was decided; the API token is in this answer only. Until then 400 with an `error` code.
         */
        post: operations["device.token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Environments
         * @description List environments.
         */
        get: operations["environments.list"];
        put?: never;
        /**
         * Start Environment
         * @description Start an environment; the same again is the one that there is.
         */
        post: operations["environments.start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Environment
         * @description Show everything about one environment.
         */
        get: operations["environments.show"];
        put?: never;
        post?: never;
        /**
         * Delete Environment
         * @description Delete an environment; its workspace stays.
         */
        delete: operations["environments.delete"];
        options?: never;
        head?: never;
        /**
         * Change Environment
         * @description Change settings; what runs gets them at its next start.
         */
        patch: operations["environments.change"];
        trace?: never;
    };
    "/api/v1/environments/{environment}/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Activity
         * @description Say whether it is used, what keeps it alive, and what comes next.
         */
        get: operations["environments.activity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment}/build-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Build Log
         * @description Give the log of the build of what it runs in.
         */
        get: operations["environments.build-log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment}/keep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Keep Environment
         * @description Keep it for a while, though nobody uses it.
         */
        post: operations["environments.keep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Run Log
         * @description Give the log of what runs, and of what follows it while it is followed.
         */
        get: operations["environments.logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restart Environment
         * @description Stop it and start it again.
         */
        post: operations["environments.restart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment}/sleep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put To Sleep
         * @description Put it to sleep now; it goes on where it was at the next visit.
         */
        post: operations["environments.sleep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment}/spec": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Spec
         * @description Give exactly what it is, to start another just like it.
         */
        get: operations["environments.spec"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume Environment
         * @description Start one that is stopped, or try one again that failed.
         */
        post: operations["environments.resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop Environment
         * @description Stop it; its files stay in its workspace.
         */
        post: operations["environments.stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow Environments
         * @description Follow changes of what the caller may see: `environment`, `environment-removed`; `reload`: read all again.
         */
        get: operations["environments.follow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow Events
         * @description Follow changes of what the caller may see: `app`, `app-removed`, `deployment`, `data`; `reload`: read all again.
         *
         *     `data` names an app whose data sandbox changed: what it reads, who reads it, its limits.
         */
        get: operations["events.follow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Groups
         * @description List groups by name.
         */
        get: operations["groups.list"];
        put?: never;
        /**
         * Create Group
         * @description Make a group; the caller becomes its manager.
         */
        post: operations["groups.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{group_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Group
         * @description Show one group.
         */
        get: operations["groups.show"];
        put?: never;
        post?: never;
        /**
         * Delete Group
         * @description Delete a group and all that it was granted.
         */
        delete: operations["groups.delete"];
        options?: never;
        head?: never;
        /**
         * Update Group
         * @description Rename or describe a group.
         */
        patch: operations["groups.update"];
        trace?: never;
    };
    "/api/v1/groups/{group_id}/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Group Grants
         * @description List what a group may reach.
         */
        get: operations["groups.grants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{group_id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Members
         * @description List who is in a group: groups, then people.
         */
        get: operations["groups.members"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{group_id}/members/{subject}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put Member
         * @description Add somebody, or a group, to a group, or say whether they manage it.
         */
        put: operations["groups.add-member"];
        post?: never;
        /**
         * Remove Member
         * @description Take somebody out of a group; what they had open because of it ends within 2 seconds.
         */
        delete: operations["groups.remove-member"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Images
         * @description List the container images on this machine.
         */
        get: operations["images.list"];
        put?: never;
        post?: never;
        /**
         * Remove Image
         * @description Remove an image that nothing needs.
         */
        delete: operations["images.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/images/build": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Build Image
         * @description Build an image of a Containerfile, in the background.
         */
        post: operations["images.build"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/images/jobs/{image_job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Image Job
         * @description Tell how far fetching or building an image is.
         */
        get: operations["images.job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/images/jobs/{image_job_id}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Image Log
         * @description Give what fetching or building an image says, as it goes on.
         */
        get: operations["images.log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/images/pull": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pull Image
         * @description Fetch an image from its registry, in the background.
         */
        post: operations["images.pull"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Invitations
         * @description List invitations, the newest first.
         */
        get: operations["invitations.list"];
        put?: never;
        /**
         * Invite
         * @description Make a single-use link by which somebody makes an account; the link is in this answer only.
         */
        post: operations["invitations.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/{invitation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Invitation
         * @description Make an invitation that nobody accepted yet useless.
         */
        delete: operations["invitations.revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/platform": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Platform
         * @description Show what this installation is and how well it keeps apps apart.
         */
        get: operations["platform.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quotas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Quotas
         * @description List all quotas, with what is used of them.
         */
        get: operations["quotas.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quotas/{subject}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Quota
         * @description Show the quota of a person, a group or everyone, and what takes it.
         */
        get: operations["quotas.show"];
        /**
         * Put Quota
         * @description Set a quota, in the place of the one there was: a person's for that person alone, a group's for all its members
         *     together, everyone's for each person without one of their own. What there is already stays.
         */
        put: operations["quotas.put"];
        post?: never;
        /**
         * Delete Quota
         * @description Remove a quota; a person has everyone's again, if there is one.
         */
        delete: operations["quotas.delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quotas/mine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Mine
         * @description Show what the caller has, and may have.
         */
        get: operations["quotas.mine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Roles
         * @description List roles, built-in ones first.
         */
        get: operations["roles.list"];
        put?: never;
        /**
         * Create Role
         * @description Make a role of actions on one kind of thing.
         */
        post: operations["roles.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles/{role_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete Role
         * @description Remove a role that was made here and that nobody has.
         */
        delete: operations["roles.delete"];
        options?: never;
        head?: never;
        /**
         * Update Role
         * @description Change a role that was made here; whoever has it has the new actions at once.
         */
        patch: operations["roles.update"];
        trace?: never;
    };
    "/api/v1/roles/uses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Role Uses
         * @description Say where the roles that were made here are given; such a role cannot be deleted.
         */
        get: operations["roles.uses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/secrets/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate Keys
         * @description Seal all secrets with a new key and forget the one of before; done again, it finishes what was broken off.
         */
        post: operations["secrets.rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Setup
         * @description Tell whether the first account is still to be made.
         */
        get: operations["setup.show"];
        put?: never;
        /**
         * Finish Setup
         * @description Make the first admin with the code of the set-up link, and sign in, by a second step where one is needed.
         */
        post: operations["setup.finish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subjects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find Subjects
         * @description Find people, groups, and apps that one may see, to give rights to; ten at most.
         */
        get: operations["subjects.find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Templates
         * @description List what the caller may start environments from.
         */
        get: operations["templates.list"];
        put?: never;
        /**
         * Create Template
         * @description Make a template.
         */
        post: operations["templates.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates/{template}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Template
         * @description Show one template.
         */
        get: operations["templates.show"];
        /**
         * Change Template
         * @description Change a template; what was started from it stays as it is.
         */
        put: operations["templates.change"];
        post?: never;
        /**
         * Delete Template
         * @description Remove a template from which nothing was started.
         */
        delete: operations["templates.delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates/{template}/build": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Build Template
         * @description Make what it runs in ready, with the newest packages that suit.
         */
        post: operations["templates.build"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates/{template}/build-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Build Log
         * @description Give the log of making ready what it runs in, as it goes on.
         */
        get: operations["templates.build-log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates/from-environment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Save Template
         * @description Make a template of what an environment is, which the caller must be allowed to change.
         */
        post: operations["templates.save"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tiers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Tiers
         * @description List tiers, the lowest first.
         */
        get: operations["tiers.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tiers/{tier}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put Tier
         * @description Make a tier, or change it; what runs gets the new limits at its next start.
         */
        put: operations["tiers.put"];
        post?: never;
        /**
         * Delete Tier
         * @description Remove a tier that nobody has.
         */
        delete: operations["tiers.delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tiers/given": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Given
         * @description List the people and groups that were given a tier.
         */
        get: operations["tiers.given"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tiers/given/{subject}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Give Tier
         * @description Give a tier to a person or a group; of a person's own and those of their groups the highest counts.
         */
        put: operations["tiers.give"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tiers/mine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Allowance
         * @description Show what the caller's environments may take.
         */
        get: operations["tiers.mine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Tokens
         * @description List the caller's API tokens.
         */
        get: operations["tokens.list"];
        put?: never;
        /**
         * Create Token
         * @description Make an API token; its secret is in this answer only.
         */
        post: operations["tokens.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Token
         * @description Revoke one of the caller's API tokens.
         */
        delete: operations["tokens.revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Current Token
         * @description Revoke the API token that the request is made with, whatever its scopes: how a device signs out.
         */
        delete: operations["tokens.revoke-current"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Upload
         * @description Upload a zip of an app's source; the answer says what it is and which manifest it would be deployed with.
         */
        post: operations["uploads.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/{upload_id}/deploy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deploy Upload
         * @description Make the upload a release of the app its manifest names, a new one or the next, and deploy it.
         */
        post: operations["uploads.deploy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Users
         * @description List accounts, the newest first.
         */
        get: operations["users.list"];
        put?: never;
        /**
         * Create User
         * @description Make an account for somebody.
         */
        post: operations["users.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show User
         * @description Show one account.
         */
        get: operations["users.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Update User
         * @description Change somebody's name or role; the last admin stays one.
         */
        patch: operations["users.update"];
        trace?: never;
    };
    "/api/v1/users/{user_id}/deactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deactivate User
         * @description Close an account, which ends its sessions and API tokens; what it owns stays.
         */
        post: operations["users.deactivate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/hand-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand Over All
         * @description Give everything that somebody owns to somebody else.
         */
        post: operations["users.hand-over"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/impersonate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Impersonate
         * @description Act as somebody else in this browser, for 30 minutes at most; they see that it happened.
         */
        post: operations["people.impersonate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/reactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reactivate User
         * @description Open an account again; its sessions and API tokens stay ended.
         */
        post: operations["users.reactivate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/reset-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make Reset Link
         * @description Make a single-use link by which somebody chooses a new password; it replaces earlier ones.
         */
        post: operations["users.reset-password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Reset Second Factor
         * @description Take away a second factor that somebody lost; all their sessions end, and the password alone signs in.
         */
        delete: operations["users.reset-second-factor"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Workspaces
         * @description List the caller's workspaces by name, with what they take up and who uses them.
         */
        get: operations["workspaces.list"];
        put?: never;
        /**
         * Create Workspace
         * @description Make an empty workspace.
         */
        post: operations["workspaces.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Workspace
         * @description Show one workspace.
         */
        get: operations["workspaces.show"];
        put?: never;
        post?: never;
        /**
         * Delete Workspace
         * @description Delete a workspace with its files and snapshots; refused while an environment has it.
         */
        delete: operations["workspaces.delete"];
        options?: never;
        head?: never;
        /**
         * Rename Workspace
         * @description Give a workspace another name.
         */
        patch: operations["workspaces.rename"];
        trace?: never;
    };
    "/api/v1/workspaces/{workspace_id}/bin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Bin
         * @description List what is in the bin, newest first.
         */
        get: operations["workspace-bin.list"];
        put?: never;
        post?: never;
        /**
         * Empty Bin
         * @description Remove everything in the bin for good.
         */
        delete: operations["workspace-bin.empty"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace_id}/bin/{bin_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove From Bin
         * @description Remove one thing in the bin for good.
         */
        delete: operations["workspace-bin.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace_id}/bin/{bin_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore From Bin
         * @description Put something back where it was.
         */
        post: operations["workspace-bin.restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace_id}/clone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Clone Workspace
         * @description Copy a workspace, or one of its snapshots, to a new one; `job_id` of the answer is the work on it.
         */
        post: operations["workspaces.clone"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace_id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Files
         * @description List a folder: folders first, then files, by name.
         */
        get: operations["workspace-files.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace_id}/files/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download File
         * @description Give a file, or a part of it.
         */
        get: operations["workspace-files.download"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace_id}/files/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete File
         * @description Put a file or folder into the bin.
         */
        post: operations["workspace-files.delete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace_id}/files/entry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show File
         * @description Say what is at a path; of a link, that it is one.
         */
        get: operations["workspace-files.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace_id}/files/folders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make Folder
         * @description Make a folder.
         */
        post: operations["workspace-files.make-folder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace_id}/files/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move File
         * @description Rename or move a file or folder; nothing is replaced.
         */
        post: operations["workspace-files.move"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace_id}/files/text": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Text
         * @description Give a text file to be edited.
         */
        get: operations["workspace-files.read"];
        /**
         * Write Text
         * @description Write a text file: a new one, or, with `If-Match`, another text into the one that was read.
         */
        put: operations["workspace-files.write"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace_id}/files/zip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download Folder
         * @description Give a folder as a zip, packed while it is sent; links are left out.
         */
        get: operations["workspace-files.download-folder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace_id}/jobs/{workspace_job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Job
         * @description Show how the work on a workspace stands, with its log.
         */
        get: operations["workspaces.job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace_id}/snapshots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Snapshots
         * @description List a workspace's snapshots, newest first.
         */
        get: operations["workspaces.snapshots"];
        put?: never;
        /**
         * Make Snapshot
         * @description Keep the files as they are now.
         */
        post: operations["workspaces.snapshot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace_id}/snapshots/{snapshot_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete Snapshot
         * @description Delete a snapshot.
         */
        delete: operations["workspaces.delete-snapshot"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace_id}/snapshots/{snapshot_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore Snapshot
         * @description Make the files as they were; what they are now becomes a snapshot. Refused while an environment runs on them.
         */
        post: operations["workspaces.restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace_id}/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Uploads
         * @description List files that have not arrived wholly, to go on with.
         */
        get: operations["workspace-uploads.list"];
        put?: never;
        /**
         * Begin Upload
         * @description Announce a file that will be sent in parts; missing folders are made when it has arrived.
         */
        post: operations["workspace-uploads.begin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace_id}/uploads/{file_upload_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Upload
         * @description Say how far an upload is.
         */
        get: operations["workspace-uploads.show"];
        /**
         * Add Part
         * @description Send a part. With the last one the file appears, complete, at its path.
         */
        put: operations["workspace-uploads.add"];
        post?: never;
        /**
         * Cancel Upload
         * @description Give an upload up.
         */
        delete: operations["workspace-uploads.cancel"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Live
         * @description Answer as long as the hub runs.
         */
        get: operations["health.live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ready
         * @description Answer 200 only when every part of the platform works.
         */
        get: operations["health.ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Acceptance
         * @description The account to make with an invitation.
         */
        Acceptance: {
            /** Code */
            code: string;
            /**
             * Email
             * @description Needed unless the invitation says it.
             */
            email?: string | null;
            /** Name */
            name: string;
            /**
             * Password
             * @description At least 10 characters.
             */
            password: string;
        };
        /**
         * Accepted
         * @description The same answer, whatever there is.
         */
        Accepted: Record<string, never>;
        /**
         * AccessDecision
         * @description An answer to a request.
         */
        AccessDecision: {
            /** Expires At */
            expires_at?: string | null;
            /** Grant */
            grant: boolean;
            /**
             * Note
             * @default
             */
            note: string;
            /**
             * Role
             * @description Another role than the one asked for.
             */
            role?: string | null;
        };
        /**
         * AccessRequest
         * @description Somebody's wish to have a role on a thing.
         */
        AccessRequest: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Decided At */
            decided_at: string | null;
            decided_by: components["schemas"]["SubjectInfo"] | null;
            /** Id */
            id: string;
            /** Message */
            message: string;
            /** Note */
            note: string;
            person: components["schemas"]["SubjectInfo"];
            /** @description In the list of one's own, only what one asked for by name. */
            resource: components["schemas"]["ResourceRef"];
            /** Role */
            role: string;
            /**
             * State
             * @enum {string}
             */
            state: "open" | "granted" | "refused" | "withdrawn";
        };
        /**
         * Account
         * @description A person's account, as admins see it.
         */
        Account: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Deactivated At */
            deactivated_at?: string | null;
            /** Email */
            email: string;
            /**
             * Has Second Factor
             * @default false
             */
            has_second_factor: boolean;
            /** Id */
            id: string;
            /** Is Active */
            is_active: boolean;
            /** Name */
            name: string;
            /**
             * Role
             * @enum {string}
             */
            role: "admin" | "developer" | "member";
        };
        /**
         * AccountChange
         * @description What admins may change of an account; what is left out stays.
         */
        AccountChange: {
            /** Name */
            name?: string | null;
            /** Role */
            role?: ("admin" | "developer" | "member") | null;
        };
        /**
         * ActionDescription
         * @description Something that a role may allow.
         */
        ActionDescription: {
            /** Action */
            action: string;
            /** Description */
            description: string;
            /** Kind */
            kind: string;
            /** Title */
            title: string;
        };
        /**
         * Actions
         * @description All that roles may allow.
         */
        Actions: {
            /** Items */
            items: components["schemas"]["ActionDescription"][];
        };
        /**
         * Activity
         * @description How an environment is used, and what that leads to.
         */
        Activity: {
            /**
             * Active At
             * @description When anything last showed that it is used.
             */
            active_at: string | null;
            /** Asleep Since */
            asleep_since: string | null;
            /**
             * Kept By
             * @description What showed it: somebody's visit, a kernel, a terminal, the processor.
             */
            kept_by: string | null;
            /**
             * Kept Until
             * @description Until when somebody asked to have it kept.
             */
            kept_until: string | null;
            next: components["schemas"]["Culling"] | null;
        };
        /**
         * AddressOnly
         * @description Whom it is about.
         */
        AddressOnly: {
            /**
             * Email
             * Format: email
             */
            email: string;
        };
        /**
         * Allowance
         * @description What somebody may have, and what of that they have.
         */
        Allowance: {
            /**
             * Running
             * @description How many of their environments run, or are asleep.
             */
            running: number;
            tier: components["schemas"]["Tier"];
        };
        /**
         * App
         * @description A runnable thing published at an address.
         */
        App: {
            /**
             * Access
             * @enum {string}
             */
            access: "private" | "signed-in" | "public";
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** @description The latest deployment while it runs or if it failed. */
            deployment: components["schemas"]["Deployment"] | null;
            /** Description */
            description: string;
            /** Icon */
            icon: string | null;
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /** Last Activity At */
            last_activity_at: string | null;
            /** Name */
            name: string;
            /** @description None for the examples until somebody sets the platform up. */
            owner: components["schemas"]["Person"] | null;
            /**
             * Permissions
             * @description What the caller may do with the app.
             */
            permissions: string[];
            /**
             * Reason
             * @description Why the app is in this state, for people.
             */
            reason: string | null;
            /**
             * Release
             * @description Number of the release that serves, if any.
             */
            release: number | null;
            /** Slug */
            slug: string;
            /**
             * State
             * @enum {string}
             */
            state: "pending" | "starting" | "running" | "sleeping" | "stopping" | "stopped" | "failed";
            /** Tags */
            tags: string[];
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Url */
            url: string;
        };
        /**
         * AppDetail
         * @description Everything about one app.
         */
        AppDetail: {
            /**
             * Access
             * @enum {string}
             */
            access: "private" | "signed-in" | "public";
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Database
             * @description Name of the app's own database.
             */
            database: string;
            /** @description The latest deployment while it runs or if it failed. */
            deployment: components["schemas"]["Deployment"] | null;
            /** Description */
            description: string;
            /**
             * Env
             * @description Environment variables set here, which go before the manifest's.
             */
            env: {
                [key: string]: string;
            };
            /** Etag */
            etag: string;
            /**
             * Former Slugs
             * @description Slugs it had before; they lead to it still and stay its own.
             */
            former_slugs: string[];
            /** Icon */
            icon: string | null;
            /** Id */
            id: string;
            /**
             * Idle Minutes
             * @description Minutes without visitors after which the app sleeps; null: never.
             */
            idle_minutes: number | null;
            /** Kind */
            kind: string;
            /** Last Activity At */
            last_activity_at: string | null;
            /**
             * Manifest
             * @description The manifest of the serving, or else the newest, release.
             */
            manifest: {
                [key: string]: unknown;
            } | null;
            /** Name */
            name: string;
            /**
             * Overrides
             * @description Settings made here, which go before the manifest's.
             */
            overrides: {
                [key: string]: unknown;
            };
            /** @description None for the examples until somebody sets the platform up. */
            owner: components["schemas"]["Person"] | null;
            /**
             * Permissions
             * @description What the caller may do with the app.
             */
            permissions: string[];
            /**
             * Public Paths
             * @description Paths that everyone may ask, though the app is not public.
             */
            public_paths: string[];
            /**
             * Reason
             * @description Why the app is in this state, for people.
             */
            reason: string | null;
            /**
             * Release
             * @description Number of the release that serves, if any.
             */
            release: number | null;
            /**
             * Secret Names
             * @description Secrets that have a value.
             */
            secret_names: string[];
            /**
             * Secrets Missing
             * @description Secrets the manifest names that have no value yet.
             */
            secrets_missing: string[];
            /** Slug */
            slug: string;
            /**
             * State
             * @enum {string}
             */
            state: "pending" | "starting" | "running" | "sleeping" | "stopping" | "stopped" | "failed";
            /** Tags */
            tags: string[];
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Url */
            url: string;
            usage: components["schemas"]["UsageNow"] | null;
            workload: components["schemas"]["WorkloadInfo"] | null;
        };
        /**
         * AppRef
         * @description An app, as shown beside what it reads or offers.
         */
        AppRef: {
            /** Icon */
            icon: string | null;
            /** Name */
            name: string;
            /** Slug */
            slug: string;
            /** Url */
            url: string;
        };
        /**
         * AppSettings
         * @description A change to an app's settings; fields left out stay as they are, null goes back to the manifest's.
         */
        AppSettings: {
            /**
             * Access
             * @description Needs `app.share`.
             */
            access?: ("private" | "signed-in" | "public") | null;
            /** Description */
            description?: string | null;
            /** Env */
            env?: {
                [key: string]: string;
            } | null;
            /** Icon */
            icon?: string | null;
            /** Idle Minutes */
            idle_minutes?: number | null;
            /** Name */
            name?: string | null;
            /**
             * Public Paths
             * @description Paths that everyone may ask, though the app is not public; needs `app.share`.
             */
            public_paths?: string[] | null;
            /** Secrets */
            secrets?: {
                [key: string]: string | null;
            } | null;
            /**
             * Slug
             * @description A new slug, and with it a new address; needs `app.share`. Earlier ones lead to it still.
             */
            slug?: string | null;
            /** Tags */
            tags?: string[] | null;
        };
        /**
         * AuditEntry
         * @description One thing that was done, or refused.
         */
        AuditEntry: {
            /** About */
            about: components["schemas"]["AuditThing"][];
            /**
             * Action
             * @description Operation of the API, e.g. `apps.deploy`.
             */
            action: string;
            /**
             * Address
             * @description Address it was asked from.
             * @default
             */
            address: string;
            /**
             * After
             * @description What was changed, as it is now; never secrets.
             */
            after?: {
                [key: string]: unknown;
            } | null;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Before
             * @description What was changed, as it was before; never secrets.
             */
            before?: {
                [key: string]: unknown;
            } | null;
            /**
             * Began At
             * @description When it began, where its end is not known.
             */
            began_at?: string | null;
            /** Hash */
            hash: string;
            /** Id */
            id: string;
            /**
             * Prev
             * @description Hash of the entry before.
             */
            prev: string;
            /**
             * Reason
             * @description Why it was denied or failed.
             */
            reason?: string | null;
            /**
             * Result
             * @description `done`; `denied` for lack of permission; `failed` on the way; `unknown` where Hothouse ended before it could say.
             * @enum {string}
             */
            result: "done" | "denied" | "failed" | "unknown";
            /** Seal */
            seal: string;
            /**
             * Seq
             * @description Place in the record, from 1.
             */
            seq: number;
            /**
             * Status
             * @description Status of the answer.
             */
            status?: number | null;
            who: components["schemas"]["AuditPerson"];
        };
        /**
         * AuditFault
         * @description Something that is wrong with the record.
         */
        AuditFault: {
            /** Message */
            message: string;
            /** Seq */
            seq: number;
        };
        /**
         * AuditPerson
         * @description Who it was, as they were called then.
         */
        AuditPerson: {
            /**
             * Email
             * @default
             */
            email: string;
            /**
             * Id
             * @description None for somebody who was not signed in, and for Hothouse itself.
             */
            id?: string | null;
            /** @description The admin who acted as this person. */
            impersonator?: components["schemas"]["AuditPerson"] | null;
            /**
             * Name
             * @default
             */
            name: string;
            /**
             * Via
             * @description `session`, `token`, `none`; `platform` for what Hothouse did by itself.
             * @default none
             */
            via: string;
        };
        /**
         * AuditState
         * @description What is known of the record without reading it.
         */
        AuditState: {
            /**
             * Actions
             * @description Everything that entries can say was done, e.g. `apps.deploy`.
             */
            actions: string[];
            /**
             * First Seq
             * @description Place of the oldest entry that is still kept.
             */
            first_seq: number;
            /** Last At */
            last_at: string | null;
            /**
             * Last Seq
             * @description Place of the newest entry, from which nothing is missing up to the first.
             */
            last_seq: number;
            /**
             * Retention Days
             * @description Older entries are removed; None: never.
             */
            retention_days: number | null;
            /** @description None if it was never asked for here. */
            verification: components["schemas"]["AuditVerification"] | null;
        };
        /**
         * AuditThing
         * @description What it was done to.
         */
        AuditThing: {
            /** Id */
            id?: string | null;
            /** Kind */
            kind: string;
            /** Name */
            name?: string | null;
        };
        /**
         * AuditVerdict
         * @description Whether the record is as it was written.
         */
        AuditVerdict: {
            /** Entries */
            entries: number;
            /**
             * Faults
             * @description The first hundred.
             */
            faults: components["schemas"]["AuditFault"][];
            /**
             * First Seq
             * @description Earlier ones were removed when the time to keep them had passed.
             */
            first_seq: number | null;
            /** Is Intact */
            is_intact: boolean;
            /**
             * Last Hash
             * @description Keep it elsewhere to prove later that nothing up to here was changed.
             */
            last_hash: string | null;
            /** Last Seq */
            last_seq: number | null;
        };
        /**
         * AuditVerification
         * @description The last check of the whole record, or the one that is going on.
         */
        AuditVerification: {
            /**
             * Began At
             * Format: date-time
             */
            began_at: string;
            /**
             * Checked
             * @description How many entries were checked.
             */
            checked: number;
            /** Ended At */
            ended_at?: string | null;
            /**
             * State
             * @description `cut-short`: Hothouse ended before it was through.
             * @enum {string}
             */
            state: "running" | "intact" | "broken" | "cut-short";
            /**
             * Total
             * @description How many there are to check.
             */
            total: number;
            /** @description None until it has ended. */
            verdict?: components["schemas"]["AuditVerdict"] | null;
        };
        /**
         * BinEntry
         * @description Something that was deleted and can be put back.
         */
        BinEntry: {
            /**
             * Deleted At
             * Format: date-time
             */
            deleted_at: string;
            /** Id */
            id: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "file" | "folder" | "link" | "other";
            /** Name */
            name: string;
            /**
             * Path
             * @description Where it was.
             */
            path: string;
        };
        /**
         * Capacities
         * @description How much may be promised, and how much was.
         */
        Capacities: {
            /** Cpu */
            cpu: number;
            /** Gpus */
            gpus: number;
            /** Memory Bytes */
            memory_bytes: number;
            /** Points */
            points: components["schemas"]["CapacityPoint"][];
        };
        /**
         * CapacityPoint
         * @description How full the machine was; within an hour, at its fullest.
         */
        CapacityPoint: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Promised Cpu */
            promised_cpu: number;
            /** Promised Memory Bytes */
            promised_memory_bytes: number;
            /** Running */
            running: number;
            /** Used Memory Bytes */
            used_memory_bytes: number;
            /** Waiting */
            waiting: number;
        };
        /**
         * CodeOnly
         * @description A code of the second factor.
         */
        CodeOnly: {
            /**
             * Code
             * @description Six digits of the authenticator app, or a recovery code.
             */
            code: string;
        };
        /**
         * Confirmation
         * @description That it is still the account's owner who asks.
         */
        Confirmation: {
            /**
             * Current Password
             * @description The account's password; not needed within ten minutes of a sign-in.
             */
            current_password?: string | null;
        };
        /**
         * Cull
         * @description Something that was put to sleep or stopped.
         */
        Cull: {
            /**
             * Action
             * @enum {string}
             */
            action: "sleep" | "stop";
            /** Active At */
            active_at: string | null;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Name */
            name: string;
            owner: components["schemas"]["Person"] | null;
            /** Reason */
            reason: string;
            /** Slug */
            slug: string;
        };
        /**
         * Culling
         * @description What comes next for an environment that is not used.
         */
        Culling: {
            /**
             * Action
             * @enum {string}
             */
            action: "sleep" | "stop";
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Is Near
             * @description Whether it is time to warn those who use it.
             */
            is_near: boolean;
            /** Reason */
            reason: string;
        };
        /**
         * DatabaseInfo
         * @description The MongoDB in use.
         */
        DatabaseInfo: {
            /** Embedded */
            embedded: boolean;
            /** Version */
            version: string;
        };
        /**
         * DataGrant
         * @description A decision on what another app may read.
         */
        DataGrant: {
            /**
             * Collections
             * @description Collections to be readable, exactly these; none to refuse. "*", where the app asks for it, is what is offered at the moment, or every one where nothing in particular is.
             * @example [
             *       "clicks"
             *     ]
             */
            collections: string[];
        };
        /**
         * DataMinute
         * @description What happened in one minute.
         */
        DataMinute: {
            /**
             * At
             * Format: date-time
             * @description When the minute began.
             */
            at: string;
            /**
             * Errors
             * @default 0
             */
            errors: number;
            /**
             * Milliseconds
             * @default 0
             */
            milliseconds: number;
            /**
             * Operations
             * @default 0
             */
            operations: number;
        };
        /**
         * DataOverview
         * @description An app's data sandbox: what it holds and does, what the app reads of others, who reads it.
         */
        DataOverview: {
            /**
             * Connections
             * @description Connections that are open now.
             */
            connections: number;
            /** Database */
            database: string;
            /** Latency */
            latency: components["schemas"]["LatencyCount"][];
            limits: components["schemas"]["LimitsInForce"];
            /**
             * Minutes
             * @description The last 60 minutes, oldest first.
             */
            minutes: components["schemas"]["DataMinute"][];
            offered: components["schemas"]["Offered"];
            /** Readers */
            readers: components["schemas"]["DataReader"][];
            /** Reads */
            reads: components["schemas"]["DataRead"][];
            /**
             * Slow Commands
             * @description The last few, newest first.
             */
            slow_commands: components["schemas"]["SlowCommand"][];
            storage: components["schemas"]["StorageUse"];
            totals: components["schemas"]["DataTotals"];
        };
        /**
         * DataRead
         * @description What an app wants to read, or may read, of another one.
         */
        DataRead: {
            /**
             * App
             * @description Slug of the other app, as the manifest says it.
             */
            app: string;
            /** Decided At */
            decided_at: string | null;
            /**
             * Granted
             * @description Collections that may be read; "*" is every one.
             */
            granted: string[];
            /**
             * Is Wanted
             * @description Whether the manifest still asks for anything.
             */
            is_wanted: boolean;
            /** @description The other app; null unless the caller may see it. */
            source: components["schemas"]["AppRef"] | null;
            /**
             * State
             * @enum {string}
             */
            state: "asked" | "granted" | "refused" | "taken-back";
            /**
             * Waiting
             * @description Collections that nobody has decided on yet.
             */
            waiting: string[];
            /**
             * Wanted
             * @description Collections the manifest asks for; "*" is all that is offered.
             */
            wanted: string[];
        };
        /**
         * DataReader
         * @description An app that asks to read an app's data, or was given an answer.
         */
        DataReader: {
            app: components["schemas"]["AppRef"];
            /** Decided At */
            decided_at: string | null;
            decided_by: components["schemas"]["Person"] | null;
            /**
             * Granted
             * @description Collections it may read; "*" is every one.
             */
            granted: string[];
            /**
             * Is Wanted
             * @description Whether its manifest still asks for anything.
             */
            is_wanted: boolean;
            owner: components["schemas"]["Person"] | null;
            /**
             * State
             * @enum {string}
             */
            state: "asked" | "granted" | "refused" | "taken-back";
            /**
             * Waiting
             * @description Collections that nobody has decided on yet.
             */
            waiting: string[];
            /**
             * Wanted
             * @description Collections its manifest asks for; "*" is all that is offered.
             */
            wanted: string[];
        };
        /**
         * DataRequest
         * @description An app's wish to read another one's data that waits for the caller to decide.
         */
        DataRequest: {
            /** @description The app whose data is asked for. */
            app: components["schemas"]["AppRef"];
            reader: components["schemas"]["DataReader"];
        };
        /**
         * DataStorage
         * @description What an admin allows an app.
         */
        DataStorage: {
            /**
             * Storage Bytes
             * @description Most that the app's documents and indexes may take; null: as any app.
             */
            storage_bytes: number | null;
        };
        /**
         * DataTotals
         * @description What an app has had of its database, ever.
         */
        DataTotals: {
            /**
             * Bytes In
             * @default 0
             */
            bytes_in: number;
            /**
             * Bytes Out
             * @default 0
             */
            bytes_out: number;
            /**
             * Errors
             * @default 0
             */
            errors: number;
            /**
             * Milliseconds
             * @description Time spent in all commands together.
             * @default 0
             */
            milliseconds: number;
            /**
             * Operations
             * @default 0
             */
            operations: number;
            /**
             * Refused
             * @description Commands that the broker refused.
             * @default 0
             */
            refused: number;
            /**
             * Slow
             * @description Commands that took long.
             * @default 0
             */
            slow: number;
        };
        /**
         * Deployment
         * @description One attempt to make a release serve an app.
         */
        Deployment: {
            /**
             * App
             * @description Slug of the app.
             */
            app: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            created_by?: components["schemas"]["Person"] | null;
            /** Finished At */
            finished_at?: string | null;
            /** Id */
            id: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "deploy" | "rollback" | "restart";
            /**
             * Log Tail
             * @description Last log lines of what failed.
             */
            log_tail?: string[];
            /**
             * Reason
             * @description What is being waited for, or why it failed.
             */
            reason?: string | null;
            /** Release */
            release: number;
            /**
             * State
             * @enum {string}
             */
            state: "queued" | "building" | "starting" | "serving" | "failed" | "superseded";
        };
        /**
         * DeployRequest
         * @description Which release is to serve.
         */
        DeployRequest: {
            /** Release */
            release: number;
        };
        /**
         * DeployUpload
         * @description Go ahead with an upload.
         */
        DeployUpload: {
            /**
             * Manifest
             * @description The manifest as confirmed or edited; required unless the archive brought its own.
             */
            manifest?: {
                [key: string]: unknown;
            } | null;
            /**
             * Message
             * @description What this release is about.
             * @default
             */
            message: string;
        };
        /**
         * Device
         * @description What a session was opened with, by its own account.
         */
        Device: {
            /**
             * Browser
             * @description Name and version, or `Unknown`.
             */
            browser: string;
            /**
             * System
             * @description Name, or `Unknown`.
             */
            system: string;
        };
        /**
         * DeviceApproval
         * @description What the person lets the device do: what it asked for, or less.
         */
        DeviceApproval: {
            /** Device Name */
            device_name: string;
            /** Expires In Days */
            expires_in_days: number | null;
            /** Scopes */
            scopes: ("read" | "apps:open" | "apps:write" | "environments:open" | "environments:write" | "admin")[] | null;
            /** User Code */
            user_code: string;
        };
        /**
         * DeviceCode
         * @description What the device shows, and what it asks again with.
         */
        DeviceCode: {
            /**
             * Device Code
             * @description Kept by the device; never shown.
             */
            device_code: string;
            /**
             * Expires In
             * @description Seconds.
             */
            expires_in: number;
            /**
             * Interval
             * @description Seconds to wait between questions.
             */
            interval: number;
            /**
             * User Code
             * @description Shown to the person, who compares or types it.
             */
            user_code: string;
            /** Verification Uri */
            verification_uri: string;
            /**
             * Verification Uri Complete
             * @description The same, with the code filled in; it approves nothing.
             */
            verification_uri_complete: string;
        };
        /**
         * DeviceCodeOnly
         * @description By which a device asks how it stands.
         */
        DeviceCodeOnly: {
            /** Device Code */
            device_code: string;
        };
        /**
         * DeviceRequest
         * @description What a device asks for, to the person who is to decide.
         */
        DeviceRequest: {
            /**
             * Address
             * @description Where the device asked from.
             */
            address: string;
            device: components["schemas"]["Device"];
            /** Device Name */
            device_name: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Expires In Days */
            expires_in_days: number | null;
            /**
             * Is Same Address
             * @description Whether that is the address of this browser, too.
             */
            is_same_address: boolean;
            /**
             * Requested At
             * Format: date-time
             */
            requested_at: string;
            /** Scopes */
            scopes: ("read" | "apps:open" | "apps:write" | "environments:open" | "environments:write" | "admin")[] | null;
            /** User Code */
            user_code: string;
        };
        /**
         * DeviceToken
         * @description The API token that a device got.
         */
        DeviceToken: {
            /** Access Token */
            access_token: string;
            /**
             * Expires In
             * @description Seconds; None: until it is revoked.
             */
            expires_in: number | null;
            /**
             * Scope
             * @description Scopes with spaces between them; None: all that the person may.
             */
            scope: string | null;
            token: components["schemas"]["Token"];
            /**
             * Token Type
             * @default Bearer
             */
            token_type: string;
            user: components["schemas"]["User"];
        };
        /**
         * Environment
         * @description An environment as lists show it.
         */
        Environment: {
            /**
             * Actions
             * @description What the caller may do with it.
             */
            actions: string[];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Icon */
            icon: string | null;
            /** Last Activity At */
            last_activity_at: string | null;
            /** Name */
            name: string;
            owner: components["schemas"]["Person"] | null;
            progress: components["schemas"]["Progress"] | null;
            /** Reason */
            reason: string | null;
            size: components["schemas"]["Size"];
            /** Slug */
            slug: string;
            /** Started At */
            started_at: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "pending" | "starting" | "running" | "sleeping" | "stopping" | "stopped" | "failed";
            /** Template */
            template: string;
            /** Template Name */
            template_name: string;
            /** Url */
            url: string;
            usage: components["schemas"]["UsageNow"] | null;
            /** Workspace Id */
            workspace_id: string;
            /** Workspace Name */
            workspace_name: string;
        };
        /**
         * EnvironmentChange
         * @description What can be changed; what runs gets it at its next start.
         */
        EnvironmentChange: {
            /** Is Culled */
            is_culled?: boolean | null;
            /** Name */
            name?: string | null;
            size?: components["schemas"]["Size"] | null;
        };
        /**
         * EnvironmentDetail
         * @description Everything about one environment.
         */
        EnvironmentDetail: {
            /**
             * Actions
             * @description What the caller may do with it.
             */
            actions: string[];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Database */
            database: string;
            /** Etag */
            etag: string;
            /** Icon */
            icon: string | null;
            isolation: components["schemas"]["IsolationInfo"] | null;
            /** Last Activity At */
            last_activity_at: string | null;
            /**
             * Log Tail
             * @description The last lines of what failed.
             */
            log_tail: string[];
            /** Name */
            name: string;
            owner: components["schemas"]["Person"] | null;
            progress: components["schemas"]["Progress"] | null;
            /** Reason */
            reason: string | null;
            /**
             * Secret Files
             * @description Paths of files that are kept secret.
             */
            secret_files: string[];
            size: components["schemas"]["Size"];
            /** Slug */
            slug: string;
            spec: components["schemas"]["Spec"];
            /** Started At */
            started_at: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "pending" | "starting" | "running" | "sleeping" | "stopping" | "stopped" | "failed";
            /** Template */
            template: string;
            /** Template Name */
            template_name: string;
            /** Url */
            url: string;
            usage: components["schemas"]["UsageNow"] | null;
            /** Workspace Id */
            workspace_id: string;
            /** Workspace Name */
            workspace_name: string;
        };
        /**
         * ExistingApp
         * @description The app that an upload would become a new release of.
         */
        ExistingApp: {
            /** Name */
            name: string;
            /** Release */
            release: number | null;
            /**
             * Slug
             * @description As the manifest says it; the app may have another one by now.
             */
            slug: string;
        };
        /**
         * Explanation
         * @description Whether somebody may do something with a thing, and why.
         */
        Explanation: {
            /**
             * Chain
             * @description From the person to the decision, step by step.
             */
            chain: components["schemas"]["Link"][];
            /** Is Allowed */
            is_allowed: boolean;
            /** Reason */
            reason: string;
        };
        /**
         * FactorOffer
         * @description A key for an authenticator app; it counts once a code made with it was given.
         */
        FactorOffer: {
            /**
             * Address
             * @description The same as an `otpauth:` address.
             */
            address: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Key
             * @description In base32, to be typed where no camera is at hand.
             */
            key: string;
            /**
             * Qr Code
             * @description The address as a QR code: a `data:` address of an SVG image.
             */
            qr_code: string;
        };
        /**
         * FieldProblem
         * @description One thing wrong with the input, and where.
         */
        FieldProblem: {
            /**
             * Message
             * @description What is wrong and what would be right, in a sentence.
             */
            message: string;
            /**
             * Pointer
             * @description JSON pointer (RFC 6901) to the offending value; empty for the whole document.
             */
            pointer: string;
        };
        /**
         * FileDeletion
         * @description What to put into the bin.
         */
        FileDeletion: {
            /**
             * Path
             * @description Names joined by `/`, percent-encoded as in addresses; empty for the top.
             */
            path: string;
        };
        /**
         * FileEntry
         * @description Something in a workspace.
         */
        FileEntry: {
            /**
             * Etag
             * @description Changes when the file does.
             */
            etag: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "file" | "folder" | "link" | "other";
            /**
             * Modified At
             * Format: date-time
             */
            modified_at: string;
            /**
             * Name
             * @description To be shown; what cannot be seen is written out.
             */
            name: string;
            /**
             * Path
             * @description To be sent, percent-encoded.
             */
            path: string;
            /** Size */
            size: number;
        };
        /**
         * FileMove
         * @description What to move, and what its path is to be then.
         */
        FileMove: {
            /**
             * Path
             * @description Names joined by `/`, percent-encoded as in addresses; empty for the top.
             */
            path: string;
            /**
             * To
             * @description Names joined by `/`, percent-encoded as in addresses; empty for the top.
             */
            to: string;
        };
        /**
         * FileText
         * @description A text file, to be edited.
         */
        FileText: {
            entry: components["schemas"]["FileEntry"];
            /** Text */
            text: string;
        };
        /**
         * FileUpload
         * @description How far an upload is. Once `entry` is there, it has arrived.
         */
        FileUpload: {
            /**
             * Chunk Bytes
             * @description The most that one part may have.
             */
            chunk_bytes: number;
            entry?: components["schemas"]["FileEntry"] | null;
            /** Id */
            id: string;
            /** Name */
            name: string;
            /**
             * Offset
             * @description Send what follows from here.
             */
            offset: number;
            /** Path */
            path: string;
            /** Size */
            size: number;
        };
        /**
         * GivenTier
         * @description A tier that a person or a group was given.
         */
        GivenTier: {
            subject: components["schemas"]["SubjectInfo"];
            /** Tier */
            tier: string;
        };
        /**
         * Grant
         * @description The role that somebody has on a thing.
         */
        Grant: {
            /** Expires At */
            expires_at: string | null;
            /**
             * Granted At
             * Format: date-time
             */
            granted_at: string;
            granted_by: components["schemas"]["SubjectInfo"] | null;
            /** Is Expired */
            is_expired: boolean;
            /** Note */
            note: string;
            /**
             * Origin
             * @enum {string}
             */
            origin: "manual" | "manifest" | "request";
            /** Role */
            role: string;
            subject: components["schemas"]["SubjectInfo"];
        };
        /**
         * Group
         * @description People, and other groups, who are given rights together.
         */
        Group: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Description */
            description: string;
            /** Id */
            id: string;
            /**
             * Member Count
             * @description Of the group itself, without members of the groups in it.
             */
            member_count: number;
            /** Name */
            name: string;
            /**
             * Origin
             * @description `manual`, or `oidc:<provider>` for one that a login provider tells of.
             */
            origin: string;
            /**
             * Permissions
             * @description What the caller may do with the group.
             */
            permissions: string[];
        };
        /**
         * GroupChange
         * @description What to change of a group; what is left out stays.
         */
        GroupChange: {
            /** Description */
            description?: string | null;
            /** Name */
            name?: string | null;
        };
        /**
         * HandedOver
         * @description What was given to another owner.
         */
        HandedOver: {
            /** Items */
            items: components["schemas"]["ResourceRef"][];
        };
        /**
         * HandOver
         * @description Whom to give a thing to.
         */
        HandOver: {
            /**
             * Keep Role
             * @description What the owner until now keeps.
             */
            keep_role?: ("editor" | "viewer") | null;
            /** User Id */
            user_id: string;
        };
        /**
         * HandOverAll
         * @description Whom everything that somebody owns is given to.
         */
        HandOverAll: {
            /** To User Id */
            to_user_id: string;
        };
        /**
         * Health
         * @description How the platform knows that the app is ready; until then no visitor reaches it.
         */
        Health: {
            /**
             * Path
             * @description Path that answers with a status below 400 once the app is ready. Without one the kind's own is asked, and any answer below 500 will do.
             * @example /healthz
             */
            path?: string | null;
            /**
             * Timeout Seconds
             * @description Longest time the app may take to get ready.
             * @example 60
             */
            timeout_seconds?: number | null;
        };
        /**
         * HeldThing
         * @description Something that counts for somebody.
         */
        HeldThing: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "app" | "environment" | "workspace" | "database";
            /** Name */
            name: string;
            /** @description Whose it is; none where that is clear. */
            owner: components["schemas"]["SubjectInfo"] | null;
            used: components["schemas"]["Used"];
        };
        /**
         * Holder
         * @description Somebody who may do something with a thing.
         */
        Holder: {
            /** How */
            how: string;
            person: components["schemas"]["SubjectInfo"];
            /** Roles */
            roles: string[];
        };
        /**
         * Extension
         * @description For how long an environment is to be kept whatever happens.
         */
        hothouse__environments__culling__schemas__Extension: {
            /**
             * Hours
             * @description From now on, at most as long as the settings allow.
             */
            hours: number;
        };
        /**
         * Extension
         * @description For how long an environment is to be kept, though nobody uses it.
         */
        hothouse__environments__running__schemas__Extension: {
            /** Hours */
            hours: number;
        };
        /**
         * Identity
         * @description Somebody's account at a provider, which opens their account here.
         */
        Identity: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Email
             * @description Their address there at the last sign-in.
             */
            email: string | null;
            /** Icon */
            icon: string;
            /** Id */
            id: string;
            /**
             * Is Usable
             * @description Whether the provider is still in the settings.
             */
            is_usable: boolean;
            /**
             * Last Used At
             * Format: date-time
             */
            last_used_at: string;
            /** Provider */
            provider: string;
            /** Provider Name */
            provider_name: string;
        };
        /**
         * Image
         * @description An image that is on this machine.
         */
        Image: {
            /**
             * Containers
             * @description How many containers run in it, or did and are not removed yet.
             */
            containers: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Id */
            id: string;
            /**
             * Names
             * @description What it may be called, with tags.
             */
            names: string[];
            /** Size Bytes */
            size_bytes: number;
            /**
             * Used By
             * @description Slugs of the templates that name it.
             */
            used_by: string[];
        };
        /**
         * ImageBuild
         * @description An image to be built.
         */
        ImageBuild: {
            /**
             * Containerfile
             * @description A Containerfile (Dockerfile); there are no files to copy.
             */
            containerfile: string;
            /**
             * Name
             * @description Below `localhost/`: it is in no registry.
             */
            name: string;
        };
        /**
         * ImageJob
         * @description Work on an image, as it stands.
         */
        ImageJob: {
            /**
             * Job
             * @description Its id.
             */
            job: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "image-pull" | "image-build";
            /**
             * Lines
             * @description What it said so far; the last 500 lines.
             */
            lines: string[];
            /** Name */
            name: string;
            /** @description How far it is; null while that is not known, and once it ended. */
            progress: components["schemas"]["ImageProgress"] | null;
            /**
             * Reason
             * @description Why it failed.
             */
            reason: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "queued" | "running" | "done" | "failed";
        };
        /**
         * ImageProgress
         * @description How far work on an image is.
         */
        ImageProgress: {
            /**
             * Percent
             * @description Of the bytes that are known of, or of the steps.
             */
            percent: number;
            /** Text */
            text: string;
        };
        /**
         * Images
         * @description Every image on this machine, and why there can be none.
         */
        Images: {
            /** Items */
            items: components["schemas"]["Image"][];
            /**
             * Jobs
             * @description Work on images that is under way, whoever asked for it.
             */
            jobs: components["schemas"]["ImageJob"][];
            /**
             * Refusal
             * @description Why nothing here runs images; null where something does.
             */
            refusal: string | null;
        };
        /**
         * Impersonation
         * @description A time during which an admin acted, or acts, as somebody else.
         */
        Impersonation: {
            /**
             * Began At
             * Format: date-time
             */
            began_at: string;
            by: components["schemas"]["Somebody"];
            /**
             * Ended At
             * @description None: by itself, or not yet.
             */
            ended_at?: string | null;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Id */
            id: string;
            /** @description Who was acted as. */
            person: components["schemas"]["Somebody"];
            /** Reason */
            reason: string;
        };
        /**
         * Invitation
         * @description A link by which one person makes an account of their own.
         */
        Invitation: {
            /**
             * Accepted By
             * @description E-mail address of the account made with it.
             */
            accepted_by: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Email */
            email: string | null;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Id */
            id: string;
            /**
             * Invited By
             * @description Name of the admin; None for somebody who registered.
             */
            invited_by: string | null;
            /**
             * Role
             * @enum {string}
             */
            role: "admin" | "developer" | "member";
            /**
             * State
             * @enum {string}
             */
            state: "open" | "accepted" | "expired";
        };
        /**
         * InvitationOffer
         * @description What an invitation is good for, to whoever has the link.
         */
        InvitationOffer: {
            /**
             * Email
             * @description The only address it can be accepted with; None for any.
             */
            email: string | null;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Invited By */
            invited_by: string | null;
            /**
             * Role
             * @enum {string}
             */
            role: "admin" | "developer" | "member";
        };
        /**
         * IsolationInfo
         * @description How well a workload is kept apart from everything else.
         */
        IsolationInfo: {
            /**
             * Level
             * @enum {string}
             */
            level: "strong" | "good" | "container" | "weak";
            /** Mechanism */
            mechanism: string;
            /**
             * Reasons
             * @description Why the level is not higher.
             */
            reasons: string[];
        };
        /**
         * IsolationPolicy
         * @description How well this machine contains code, and how well it has to.
         */
        IsolationPolicy: {
            /**
             * Images
             * @description What runs in images; null where nothing does.
             */
            images: ("weak" | "container" | "good" | "strong") | null;
            /** Kinds */
            kinds: components["schemas"]["KindLevel"][];
            /** @description What runs from packages. */
            machine: components["schemas"]["IsolationInfo"];
            /** Why No Images */
            why_no_images: string | null;
        };
        /**
         * IssuedInvitation
         * @description An invitation just made, with its link, which is shown once.
         */
        IssuedInvitation: {
            /**
             * Accepted By
             * @description E-mail address of the account made with it.
             */
            accepted_by: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Email */
            email: string | null;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Id */
            id: string;
            /**
             * Invited By
             * @description Name of the admin; None for somebody who registered.
             */
            invited_by: string | null;
            /**
             * Is Mailed
             * @description Whether the link was sent to the address.
             */
            is_mailed: boolean;
            /**
             * Role
             * @enum {string}
             */
            role: "admin" | "developer" | "member";
            /**
             * State
             * @enum {string}
             */
            state: "open" | "accepted" | "expired";
            /** Url */
            url: string;
        };
        /**
         * IssuedToken
         * @description A token just made, with its secret.
         */
        IssuedToken: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Expires At
             * @description None: it lasts until it is revoked.
             */
            expires_at?: string | null;
            /** Id */
            id: string;
            /**
             * Last Used At
             * @description To the minute.
             */
            last_used_at?: string | null;
            /** Name */
            name: string;
            /**
             * Scopes
             * @description None: all that its owner may do.
             */
            scopes?: ("read" | "apps:open" | "apps:write" | "environments:open" | "environments:write" | "admin")[] | null;
            /** Token */
            token: string;
        };
        /**
         * JobLine
         * @description One line of a job's log.
         */
        JobLine: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Offset */
            offset: number;
            /** Text */
            text: string;
        };
        /**
         * KindLevel
         * @description The least level that a kind of code may run at.
         */
        KindLevel: {
            /**
             * Are Images Refused
             * @description Whether what runs in an image is refused, as that is `container`.
             */
            are_images_refused: boolean;
            /**
             * Code
             * @enum {string}
             */
            code: "apps" | "environments" | "builds";
            /**
             * Is Own
             * @description Whether the settings say it for this kind (`HOTHOUSE_LAUNCH_MINIMUM_LEVELS`).
             */
            is_own: boolean;
            /**
             * Is Refused
             * @description Whether this machine reaches less, so that none of it runs.
             */
            is_refused: boolean;
            /**
             * Minimum
             * @enum {string}
             */
            minimum: "weak" | "container" | "good" | "strong";
        };
        /**
         * LatencyCount
         * @description How many commands took up to so long, and longer than the count before.
         */
        LatencyCount: {
            /** Count */
            count: number;
            /**
             * Up To Ms
             * @description Null for those that took longer than all others.
             */
            up_to_ms: number | null;
        };
        /**
         * LimitsInForce
         * @description What else an app is held to.
         */
        LimitsInForce: {
            /** Batch Documents */
            batch_documents: number;
            /** Connections */
            connections: number;
            /** Max Time Ms */
            max_time_ms: number;
        };
        /**
         * Link
         * @description One step of an explanation.
         */
        Link: {
            /** Id */
            id?: string | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "account" | "session" | "token" | "group" | "grant" | "role" | "openness" | "owner" | "platform" | "denial" | "expiry" | "none";
            /** Subject */
            subject?: string | null;
            /** Text */
            text: string;
        };
        /**
         * LinkBeginning
         * @description What to link.
         */
        LinkBeginning: {
            /**
             * Current Password
             * @description The account's password; not needed within ten minutes of a sign-in.
             */
            current_password?: string | null;
            /** Provider */
            provider: string;
        };
        /**
         * LinkCode
         * @description The code of a link: what follows `#` in its address.
         */
        LinkCode: {
            /** Code */
            code: string;
        };
        /**
         * LoginRequest
         * @description A sign-in by password.
         */
        LoginRequest: {
            /**
             * Code
             * @description A code of the second factor, to sign in by one request where there is one.
             */
            code?: string | null;
            /** Email */
            email: string;
            /** Password */
            password: string;
        };
        /**
         * ManifestChange
         * @description One difference between two manifests.
         */
        ManifestChange: {
            /** After */
            after?: unknown;
            /** Before */
            before?: unknown;
            /**
             * Op
             * @enum {string}
             */
            op: "add" | "remove" | "replace";
            /** Pointer */
            pointer: string;
        };
        /**
         * Me
         * @description The account the caller acts as.
         */
        Me: {
            /** @description Where that is not the caller's own. */
            impersonation?: components["schemas"]["Impersonation"] | null;
            user: components["schemas"]["User"];
        };
        /**
         * Membership
         * @description Somebody, or a group, in a group.
         */
        Membership: {
            /**
             * Added At
             * Format: date-time
             */
            added_at: string;
            added_by: components["schemas"]["SubjectInfo"] | null;
            /**
             * Is Manager
             * @description Whether they may change the group.
             */
            is_manager: boolean;
            member: components["schemas"]["SubjectInfo"];
            /**
             * Via
             * @description `manual`, or `oidc:<provider>` if a login provider says so.
             */
            via: string;
        };
        /**
         * Message
         * @description What an admin tells the owner of something that runs.
         */
        Message: {
            /** Text */
            text: string;
        };
        /**
         * MyQuotas
         * @description What the caller has, and may have.
         */
        MyQuotas: {
            /** Holdings */
            holdings: components["schemas"]["HeldThing"][];
            /**
             * Quotas
             * @description What limits it: the caller's own quota, or else everyone's, and those of the caller's groups.
             */
            quotas: components["schemas"]["Quota"][];
            /** @description What the caller has alone. */
            used: components["schemas"]["Used"];
        };
        /**
         * NewAccessRequest
         * @description What somebody would like to have access to, and why.
         */
        NewAccessRequest: {
            /** Kind */
            kind: string;
            /**
             * Message
             * @default
             */
            message: string;
            /** Name */
            name: string;
            /**
             * Role
             * @default viewer
             */
            role: string;
        };
        /**
         * NewDeviceLogin
         * @description What a device asks for.
         */
        NewDeviceLogin: {
            /**
             * Device Name
             * @description What the API token is to be called.
             */
            device_name: string;
            /**
             * Expires In Days
             * @description None: until it is revoked.
             * @default 90
             */
            expires_in_days: number | null;
            /**
             * Scopes
             * @description As for an API token; without them all that the person may.
             */
            scopes?: ("read" | "apps:open" | "apps:write" | "environments:open" | "environments:write" | "admin")[] | null;
        };
        /**
         * NewEnvironment
         * @description An environment to be started. Starting the same again gives the one that there is.
         */
        NewEnvironment: {
            /** Env */
            env?: {
                [key: string]: string;
            };
            /** Extra Packages */
            extra_packages?: string[];
            /** Git Url */
            git_url?: string | null;
            /**
             * Name
             * @description By default the template's.
             */
            name?: string | null;
            /**
             * New Workspace
             * @description Or the name of a new one.
             */
            new_workspace?: string | null;
            /**
             * Secret Files
             * @description Files by their path below the home folder, kept secret.
             */
            secret_files?: {
                [key: string]: string;
            };
            /** @description By default the template's. */
            size?: components["schemas"]["Size"] | null;
            /** @description To start one just like another: what that one is. */
            spec?: components["schemas"]["Spec"] | null;
            /**
             * Template
             * @description Slug of the template.
             */
            template: string;
            /**
             * Workspace Id
             * @description A workspace of one's own; by default the one everybody has.
             */
            workspace_id?: string | null;
        };
        /**
         * NewFolder
         * @description Which folder to make.
         */
        NewFolder: {
            /**
             * Path
             * @description Names joined by `/`, percent-encoded as in addresses; empty for the top.
             */
            path: string;
        };
        /**
         * NewGrant
         * @description The role to give somebody.
         */
        NewGrant: {
            /**
             * Expires At
             * @description When it ends; without it, it stays.
             */
            expires_at?: string | null;
            /**
             * Note
             * @default
             */
            note: string;
            /**
             * Role
             * @description Name of a role; `denied` keeps out.
             */
            role: string;
        };
        /**
         * NewGroup
         * @description A group to make.
         */
        NewGroup: {
            /**
             * Description
             * @default
             */
            description: string;
            /** Name */
            name: string;
        };
        /**
         * NewImpersonation
         * @description Why, and for how long.
         */
        NewImpersonation: {
            /**
             * Minutes
             * @default 30
             */
            minutes: number;
            /**
             * Reason
             * @description On record, and shown to the person.
             */
            reason: string;
        };
        /**
         * NewInvitation
         * @description Whom to invite, and as what.
         */
        NewInvitation: {
            /**
             * Email
             * @description Only for this address; without it for whoever has the link.
             */
            email?: string | null;
            /**
             * Expires In Hours
             * @default 168
             */
            expires_in_hours: number;
            /**
             * Role
             * @default developer
             * @enum {string}
             */
            role: "admin" | "developer" | "member";
        };
        /**
         * NewMembership
         * @description How somebody belongs to a group.
         */
        NewMembership: {
            /**
             * Is Manager
             * @default false
             */
            is_manager: boolean;
        };
        /**
         * NewPasskey
         * @description A passkey that was made.
         */
        NewPasskey: {
            /**
             * Credential
             * @description What the browser returned, as its `toJSON()` writes it.
             */
            credential: {
                [key: string]: unknown;
            };
            /** Name */
            name: string;
        };
        /**
         * NewPasswordByLink
         * @description The password to set with a reset link.
         */
        NewPasswordByLink: {
            /** Code */
            code: string;
            /**
             * Password
             * @description At least 10 characters.
             */
            password: string;
        };
        /**
         * NewRole
         * @description A role to make.
         */
        NewRole: {
            /** Actions */
            actions: string[];
            /**
             * Description
             * @default
             */
            description: string;
            /** Kind */
            kind: string;
            /** Name */
            name: string;
            /** Title */
            title: string;
        };
        /**
         * NewSnapshot
         * @description What to call a snapshot.
         */
        NewSnapshot: {
            /** Name */
            name: string;
        };
        /**
         * NewTemplate
         * @description A template to be made.
         */
        NewTemplate: {
            /**
             * Activity
             * @description How to ask it whether it is at work, beside its visitors and the processor.
             */
            activity?: "jupyter" | null;
            /**
             * Background Bytes
             * @description What an open tab sends over each WebSocket in half a minute though nobody uses it, in bytes; only more is use.
             * @default 0
             */
            background_bytes: number;
            /**
             * Category
             * @default Other
             */
            category: string;
            /**
             * Command
             * @description What to run; `$PORT`, `$HOST` and `$HOME` are filled in.
             */
            command: string[];
            /**
             * Description
             * @description What is in it and what it is good for.
             * @default
             */
            description: string;
            /** Env */
            env?: {
                [key: string]: string;
            };
            /**
             * Files
             * @description Files that a new workspace gets, unless it has them already.
             */
            files?: {
                [key: string]: string;
            };
            /**
             * Folder
             * @description Working folder, below the home folder.
             * @default
             */
            folder: string;
            health?: components["schemas"]["Health"];
            /**
             * Icon
             * @description An emoji, or the name of a lucide icon.
             */
            icon?: string | null;
            /**
             * Image
             * @description Container image, for the kind `image`.
             */
            image?: string | null;
            /**
             * Is Culled
             * @description Whether idle ones are put to sleep; False opts out.
             * @default true
             */
            is_culled: boolean;
            /**
             * Is Retired
             * @description Whether nobody starts from it any more.
             * @default false
             */
            is_retired: boolean;
            /**
             * Kind
             * @description Whether it runs in an environment made of packages, or in a container image.
             * @default packages
             * @enum {string}
             */
            kind: "packages" | "image";
            /** @description What may be asked. */
            maximum?: components["schemas"]["Size"];
            /**
             * Name
             * @description As people read it.
             */
            name: string;
            /**
             * Node Packages
             * @description Node packages, each as `name@version`; none of their scripts is run.
             */
            node_packages?: string[];
            /**
             * Outbound
             * @description Whether it may reach the internet.
             * @default true
             */
            outbound: boolean;
            /**
             * Packages
             * @description Python requirements.
             */
            packages?: string[];
            /**
             * Port
             * @description Port an image listens on; programs of packages are told theirs.
             */
            port?: number | null;
            /** @description Unless another is asked. */
            size?: components["schemas"]["Size"];
            /**
             * Slug
             * @description Its name in addresses.
             */
            slug: string;
            /**
             * Summary
             * @description One line for the card.
             * @default
             */
            summary: string;
            /** Tags */
            tags?: string[];
            /**
             * Terminal Path
             * @description Where its address leads to a terminal, e.g. `/terminals/1`, if it has one.
             */
            terminal_path?: string | null;
        };
        /**
         * NewToken
         * @description What to call an API token, and what it is good for.
         */
        NewToken: {
            /**
             * Expires In Days
             * @description Without it, it lasts until it is revoked.
             */
            expires_in_days?: number | null;
            /** Name */
            name: string;
            /**
             * Scopes
             * @description What it may be used for; without them for all that its owner may do. `apps:write` and `admin` hold `read`; none but a token without limits reaches the account itself.
             */
            scopes?: ("read" | "apps:open" | "apps:write" | "environments:open" | "environments:write" | "admin")[] | null;
        };
        /**
         * NewUpload
         * @description What is about to be sent.
         */
        NewUpload: {
            /**
             * Etag
             * @description Replace it only if it is still this one.
             */
            etag?: string | null;
            /**
             * Overwrite
             * @description Replace a file that is there.
             * @default false
             */
            overwrite: boolean;
            /**
             * Path
             * @description Names joined by `/`, percent-encoded as in addresses; empty for the top.
             */
            path: string;
            /**
             * Sha256
             * @description Of the whole, checked when all is there.
             */
            sha256?: string | null;
            /**
             * Size
             * @description In bytes.
             */
            size: number;
        };
        /**
         * NewUser
         * @description An account made by an admin.
         */
        NewUser: {
            /**
             * Email
             * Format: email
             */
            email: string;
            /** Name */
            name: string;
            /**
             * Password
             * @description At least 10 characters.
             */
            password: string;
            /**
             * Role
             * @default developer
             * @enum {string}
             */
            role: "admin" | "developer" | "member";
        };
        /**
         * NewWorkspace
         * @description What a new workspace is to be.
         */
        NewWorkspace: {
            /** Name */
            name: string;
        };
        /**
         * NextStep
         * @description What is still to be done to sign in, in the browser that began.
         */
        NextStep: {
            /** Email */
            email: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Has Passkeys
             * @description Whether a passkey can be used in place of a code.
             * @default false
             */
            has_passkeys: boolean;
            /**
             * Step
             * @description `code`: give a code. `set-up`: set up a second factor, which is required here.
             * @enum {string}
             */
            step: "code" | "set-up";
        };
        /**
         * Notice
         * @description What somebody is told, until they have read it.
         */
        Notice: {
            /**
             * About
             * @description Name of what it is about.
             */
            about: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Id */
            id: string;
            /**
             * Sender
             * @description Name of the admin who wrote it.
             */
            sender: string;
            /** Text */
            text: string;
        };
        /**
         * Offered
         * @description What an app's manifest offers to others.
         */
        Offered: {
            /** Collections */
            collections: string[];
            /** Note */
            note: string;
        };
        /**
         * OpennessChange
         * @description How open a thing is to be.
         */
        OpennessChange: {
            /**
             * Openness
             * @enum {string}
             */
            openness: "private" | "signed-in" | "public";
        };
        /**
         * PackageChange
         * @description One difference between two dependency locks.
         */
        PackageChange: {
            /** After */
            after: string | null;
            /** Before */
            before: string | null;
            /** Name */
            name: string;
        };
        /** Page[AccessRequest] */
        Page_AccessRequest_: {
            /** Items */
            items: components["schemas"]["AccessRequest"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Account] */
        Page_Account_: {
            /** Items */
            items: components["schemas"]["Account"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[App] */
        Page_App_: {
            /** Items */
            items: components["schemas"]["App"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[AuditEntry] */
        Page_AuditEntry_: {
            /** Items */
            items: components["schemas"]["AuditEntry"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[BinEntry] */
        Page_BinEntry_: {
            /** Items */
            items: components["schemas"]["BinEntry"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Cull] */
        Page_Cull_: {
            /** Items */
            items: components["schemas"]["Cull"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[DataRequest] */
        Page_DataRequest_: {
            /** Items */
            items: components["schemas"]["DataRequest"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Deployment] */
        Page_Deployment_: {
            /** Items */
            items: components["schemas"]["Deployment"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Environment] */
        Page_Environment_: {
            /** Items */
            items: components["schemas"]["Environment"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[FileEntry] */
        Page_FileEntry_: {
            /** Items */
            items: components["schemas"]["FileEntry"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[FileUpload] */
        Page_FileUpload_: {
            /** Items */
            items: components["schemas"]["FileUpload"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[GivenTier] */
        Page_GivenTier_: {
            /** Items */
            items: components["schemas"]["GivenTier"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Group] */
        Page_Group_: {
            /** Items */
            items: components["schemas"]["Group"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Holder] */
        Page_Holder_: {
            /** Items */
            items: components["schemas"]["Holder"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Impersonation] */
        Page_Impersonation_: {
            /** Items */
            items: components["schemas"]["Impersonation"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Invitation] */
        Page_Invitation_: {
            /** Items */
            items: components["schemas"]["Invitation"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Membership] */
        Page_Membership_: {
            /** Items */
            items: components["schemas"]["Membership"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Notice] */
        Page_Notice_: {
            /** Items */
            items: components["schemas"]["Notice"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Passkey] */
        Page_Passkey_: {
            /** Items */
            items: components["schemas"]["Passkey"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[PersonalSecret] */
        Page_PersonalSecret_: {
            /** Items */
            items: components["schemas"]["PersonalSecret"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Previewed] */
        Page_Previewed_: {
            /** Items */
            items: components["schemas"]["Previewed"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Quota] */
        Page_Quota_: {
            /** Items */
            items: components["schemas"]["Quota"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Reached] */
        Page_Reached_: {
            /** Items */
            items: components["schemas"]["Reached"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Release] */
        Page_Release_: {
            /** Items */
            items: components["schemas"]["Release"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[ReviewedResource] */
        Page_ReviewedResource_: {
            /** Items */
            items: components["schemas"]["ReviewedResource"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[RunningWorkload] */
        Page_RunningWorkload_: {
            /** Items */
            items: components["schemas"]["RunningWorkload"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[SecretRead] */
        Page_SecretRead_: {
            /** Items */
            items: components["schemas"]["SecretRead"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Session] */
        Page_Session_: {
            /** Items */
            items: components["schemas"]["Session"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Template] */
        Page_Template_: {
            /** Items */
            items: components["schemas"]["Template"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Tier] */
        Page_Tier_: {
            /** Items */
            items: components["schemas"]["Tier"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Token] */
        Page_Token_: {
            /** Items */
            items: components["schemas"]["Token"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[UsageSeries] */
        Page_UsageSeries_: {
            /** Items */
            items: components["schemas"]["UsageSeries"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[Workspace] */
        Page_Workspace_: {
            /** Items */
            items: components["schemas"]["Workspace"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[WorkspaceSnapshot] */
        Page_WorkspaceSnapshot_: {
            /** Items */
            items: components["schemas"]["WorkspaceSnapshot"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Passkey
         * @description A passkey of the caller's.
         */
        Passkey: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Id */
            id: string;
            /** Last Used At */
            last_used_at?: string | null;
            /** Name */
            name: string;
        };
        /**
         * PasskeyAnswer
         * @description What a passkey answered to a sign-in.
         */
        PasskeyAnswer: {
            /**
             * Credential
             * @description What the browser returned, as its `toJSON()` writes it.
             */
            credential: {
                [key: string]: unknown;
            };
        };
        /**
         * PasskeyNameChange
         * @description What a passkey is to be called.
         */
        PasskeyNameChange: {
            /** Name */
            name: string;
        };
        /**
         * PasskeyOptions
         * @description What the browser is to ask a passkey; good once, for five minutes.
         */
        PasskeyOptions: {
            /**
             * Options
             * @description For `parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.
             */
            options: {
                [key: string]: unknown;
            };
        };
        /**
         * PasswordChange
         * @description A new password, and the one it replaces.
         */
        PasswordChange: {
            /**
             * Current Password
             * @description Needed unless the account has no password.
             */
            current_password?: string | null;
            /**
             * New Password
             * @description At least 10 characters.
             */
            new_password: string;
        };
        /**
         * PendingStep
         * @description The second step that this browser is asked for.
         */
        PendingStep: {
            pending: components["schemas"]["NextStep"] | null;
        };
        /**
         * Person
         * @description Somebody, as shown beside the things they own or made.
         */
        Person: {
            /** Email */
            email: string;
            /** Id */
            id: string;
            /** Name */
            name: string;
        };
        /**
         * PersonalSecret
         * @description A secret of the caller's, without its value.
         */
        PersonalSecret: {
            /**
             * Changed At
             * Format: date-time
             */
            changed_at: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "variable" | "file";
            /**
             * Last Read At
             * @description When an environment last was given it.
             */
            last_read_at?: string | null;
            /** Name */
            name: string;
            /**
             * Path
             * @description Of a file: where it is put, from the home folder on.
             */
            path?: string | null;
            /**
             * Size
             * @description Of the value, in bytes.
             */
            size: number;
        };
        /**
         * PersonalSecretValue
         * @description A secret, as it is set; nobody is ever told its value again.
         */
        PersonalSecretValue: {
            /**
             * Encoding
             * @description How `value` is written; a file may be any bytes.
             * @default text
             * @enum {string}
             */
            encoding: "text" | "base64";
            /**
             * Kind
             * @description `variable`: its name is that of an environment variable. `file`: a file.
             * @enum {string}
             */
            kind: "variable" | "file";
            /**
             * Path
             * @description Of a file: where to put it, e.g. `.aws/credentials`.
             */
            path?: string | null;
            /**
             * Value
             * @description At most 64 KiB.
             */
            value: string;
        };
        /**
         * PlatformInfo
         * @description This installation.
         */
        PlatformInfo: {
            /** Apps Domain */
            apps_domain: string;
            database: components["schemas"]["DatabaseInfo"];
            isolation: components["schemas"]["IsolationInfo"];
            /** Kinds */
            kinds: string[];
            /**
             * Name
             * @default Hothouse
             */
            name: string;
            /** Url */
            url: string;
            /** Version */
            version: string;
        };
        /**
         * Previewed
         * @description What would happen to one environment, for admins.
         */
        Previewed: {
            activity: components["schemas"]["Activity"];
            /** Name */
            name: string;
            owner: components["schemas"]["Person"] | null;
            /** Slug */
            slug: string;
            /** State */
            state: string;
        };
        /**
         * ProblemDetails
         * @description The body of an error response, `application/problem+json`.
         */
        ProblemDetails: {
            /**
             * Detail
             * @description What happened here and what to do about it.
             */
            detail: string;
            /**
             * Errors
             * @default null
             */
            errors: components["schemas"]["FieldProblem"][] | null;
            /** Status */
            status: number;
            /**
             * Title
             * @description The kind of problem in a few words; the same for each occurrence.
             */
            title: string;
            /**
             * Type
             * @description Stable identifier of the kind of problem.
             */
            type: string;
        };
        /**
         * Profile
         * @description What people may change of their own account.
         */
        Profile: {
            /** Name */
            name: string;
        };
        /**
         * Progress
         * @description How far a start is, or how far one came that failed; `ready`: it had been running.
         */
        Progress: {
            /** Build Job */
            build_job?: string | null;
            /**
             * Position
             * @description How many are to be started before it, and itself.
             */
            position?: number | null;
            /**
             * Step
             * @enum {string}
             */
            step: "queued" | "building" | "starting" | "ready";
        };
        /**
         * Promise
         * @description What a workload may use at most; a limit that is None is the machine's own.
         */
        Promise: {
            /** Cpu */
            cpu?: number | null;
            /**
             * Gpus
             * @default 0
             */
            gpus: number;
            /** Memory Bytes */
            memory_bytes?: number | null;
        };
        /**
         * ProviderAnswer
         * @description What a provider put into the address by which the browser came back from it.
         */
        ProviderAnswer: {
            /** Code */
            code?: string | null;
            /** Error */
            error?: string | null;
            /**
             * Iss
             * @description Who answers, where the provider says so (RFC 9207).
             */
            iss?: string | null;
            /** State */
            state: string;
        };
        /**
         * Pull
         * @description An image to be fetched, or fetched again.
         */
        Pull: {
            /**
             * Name
             * @description With the host of its registry, e.g. `registry.lab/team/tools:1`.
             */
            name: string;
        };
        /**
         * Quota
         * @description What a person may have, or a group together.
         */
        Quota: {
            limits: components["schemas"]["QuotaLimits"];
            /** @description A person; a group, whose members share it; or `signed-in`: everyone without a quota of their own, each by themselves. */
            subject: components["schemas"]["SubjectInfo"];
            /** @description What is used of it; none for what holds for each by themselves. */
            used: components["schemas"]["Used"] | null;
        };
        /**
         * QuotaDetail
         * @description A quota, and what takes it.
         */
        QuotaDetail: {
            /** Holdings */
            holdings: components["schemas"]["HeldThing"][];
            /**
             * Is Set
             * @description Whether there is one; else this says what is used.
             */
            is_set: boolean;
            limits: components["schemas"]["QuotaLimits"];
            /** @description A person; a group, whose members share it; or `signed-in`: everyone without a quota of their own, each by themselves. */
            subject: components["schemas"]["SubjectInfo"];
            /** @description What is used of it; none for what holds for each by themselves. */
            used: components["schemas"]["Used"] | null;
        };
        /**
         * QuotaLimits
         * @description How much somebody may have; what is left out is not limited.
         */
        QuotaLimits: {
            /**
             * Apps
             * @description How many apps there may be.
             */
            apps?: number | null;
            /**
             * Apps Running
             * @description How many apps may run at the same time; one that is asleep does not.
             */
            apps_running?: number | null;
            /**
             * Cpu
             * @description Processor cores of everything that runs; an app that names none has one.
             */
            cpu?: number | null;
            /**
             * Database Bytes
             * @description All databases, in bytes.
             */
            database_bytes?: number | null;
            /**
             * Disk Bytes
             * @description Workspaces, and the files of apps, in bytes.
             */
            disk_bytes?: number | null;
            /**
             * Environments
             * @description How many environments may run, or be asleep, at the same time.
             */
            environments?: number | null;
            /**
             * Memory Bytes
             * @description Memory that everything which runs may use, in bytes.
             */
            memory_bytes?: number | null;
        };
        /**
         * Reached
         * @description A thing that somebody reaches, and how.
         */
        Reached: {
            /** Expires At */
            expires_at?: string | null;
            /** How */
            how: string;
            resource: components["schemas"]["ResourceRef"];
            /**
             * Role
             * @description Name of the role; `owner` for what they own, empty for what is open to them.
             */
            role: string;
        };
        /**
         * Readiness
         * @description Whether every part of the platform works.
         */
        Readiness: {
            /**
             * Parts
             * @description `ok`, or what is wrong, by part.
             */
            parts: {
                [key: string]: string;
            };
            /**
             * Status
             * @enum {string}
             */
            status: "ok" | "unavailable";
        };
        /**
         * RecoveryCodes
         * @description Recovery codes, which are shown once; each works once.
         */
        RecoveryCodes: {
            /** Recovery Codes */
            recovery_codes: string[];
        };
        /**
         * Redirection
         * @description Where the browser is to go now.
         */
        Redirection: {
            /** Url */
            url: string;
        };
        /**
         * RegistrationAnswer
         * @description What to do next to register: look for mail, or go on with an invitation's code.
         */
        RegistrationAnswer: {
            /**
             * Code
             * @description Code of an invitation, where no mail is sent; None: it was sent.
             */
            code: string | null;
        };
        /**
         * Release
         * @description An immutable numbered upload of an app.
         */
        Release: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            created_by: components["schemas"]["Person"] | null;
            /**
             * Digest
             * @description SHA-256 of the source's content.
             */
            digest: string;
            /** Error */
            error: string | null;
            /** File Count */
            file_count: number;
            /** Lock Digest */
            lock_digest: string | null;
            /** Message */
            message: string;
            /** Number */
            number: number;
            /** Serving */
            serving: boolean;
            /**
             * Size
             * @description Bytes of the archive.
             */
            size: number;
            /**
             * State
             * @enum {string}
             */
            state: "uploaded" | "building" | "built" | "failed";
        };
        /**
         * ReleaseDetail
         * @description A release with its manifest and dependency lock.
         */
        ReleaseDetail: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            created_by: components["schemas"]["Person"] | null;
            /**
             * Digest
             * @description SHA-256 of the source's content.
             */
            digest: string;
            /** Error */
            error: string | null;
            /** File Count */
            file_count: number;
            /** Lock */
            lock: string | null;
            /** Lock Digest */
            lock_digest: string | null;
            /** Manifest */
            manifest: {
                [key: string]: unknown;
            };
            /** Message */
            message: string;
            /** Number */
            number: number;
            /** Serving */
            serving: boolean;
            /**
             * Size
             * @description Bytes of the archive.
             */
            size: number;
            /**
             * State
             * @enum {string}
             */
            state: "uploaded" | "building" | "built" | "failed";
        };
        /**
         * ReleaseDiff
         * @description What changed from one release to another.
         */
        ReleaseDiff: {
            /** Changes */
            changes: components["schemas"]["ManifestChange"][];
            /** Packages */
            packages: components["schemas"]["PackageChange"][];
        };
        /**
         * ReportLine
         * @description One remark on how a manifest was proposed or imported.
         */
        ReportLine: {
            /**
             * Level
             * @enum {string}
             */
            level: "mapped" | "changed" | "dropped" | "guess";
            /** Message */
            message: string;
            /** Pointer */
            pointer: string;
        };
        /**
         * ResetLink
         * @description A link by which somebody chooses a new password, which is shown once.
         */
        ResetLink: {
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Is Mailed
             * @description Whether the link was sent to the account's address.
             */
            is_mailed: boolean;
            /** Url */
            url: string;
        };
        /**
         * ResetOffer
         * @description Whose password a link resets.
         */
        ResetOffer: {
            /** Email */
            email: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
        };
        /**
         * ResourceRef
         * @description A thing that rights are given on.
         */
        ResourceRef: {
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /**
             * Name
             * @description What people call it: an app's slug.
             */
            name: string;
            /** Title */
            title: string;
        };
        /**
         * ReviewedResource
         * @description A thing, as those see it who review access.
         */
        ReviewedResource: {
            /**
             * Expiring
             * @description How many of them end by themselves.
             */
            expiring: number;
            /** Flags */
            flags: ("public" | "many" | "owner-deactivated" | "no-owner")[];
            /**
             * Grants
             * @description How many hold at the moment.
             */
            grants: number;
            /**
             * Openness
             * @enum {string}
             */
            openness: "private" | "signed-in" | "public";
            owner: components["schemas"]["SubjectInfo"] | null;
            resource: components["schemas"]["ResourceRef"];
        };
        /**
         * Role
         * @description A named list of actions on one kind of thing.
         */
        Role: {
            /** Actions */
            actions: string[];
            /** Description */
            description: string;
            /** Id */
            id: string;
            /** Is Builtin */
            is_builtin: boolean;
            /** Kind */
            kind: string;
            /** Name */
            name: string;
            /** Title */
            title: string;
        };
        /**
         * RoleChange
         * @description What to change of a role; what is left out stays.
         */
        RoleChange: {
            /** Actions */
            actions?: string[] | null;
            /** Description */
            description?: string | null;
            /** Title */
            title?: string | null;
        };
        /**
         * Roles
         * @description Roles, those that every installation has first.
         */
        Roles: {
            /** Items */
            items: components["schemas"]["Role"][];
        };
        /**
         * RoleUse
         * @description Where a role that was made here is given.
         */
        RoleUse: {
            /**
             * Grants
             * @description How often it is given.
             */
            grants: number;
            /** Role Id */
            role_id: string;
            /**
             * Things
             * @description The names of some of the things on which it is; five at most.
             */
            things: string[];
        };
        /**
         * RoleUses
         * @description Where roles that were made here are given.
         */
        RoleUses: {
            /** Items */
            items: components["schemas"]["RoleUse"][];
        };
        /**
         * RotationResult
         * @description How a change of keys went.
         */
        RotationResult: {
            /**
             * Key Id
             * @description What the key is called that seals from now on; tells nothing of the key.
             */
            key_id: string;
            /**
             * Resealed
             * @description How many secrets were sealed anew.
             */
            resealed: number;
            /**
             * Unreadable
             * @description Secrets that no key opened, and that stay as they are: set them again. Places, not values.
             */
            unreadable: string[];
        };
        /**
         * RunningWorkload
         * @description Something that runs, of an app or an environment.
         */
        RunningWorkload: {
            /** Id */
            id: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "app" | "environment";
            /** Last Activity At */
            last_activity_at: string | null;
            /** Name */
            name: string;
            owner: components["schemas"]["Person"] | null;
            promised: components["schemas"]["Promise"];
            /** Slug */
            slug: string;
            /** Started At */
            started_at: string | null;
            /** State */
            state: string;
            /**
             * Template
             * @description Name of the template that an environment was started from.
             */
            template: string | null;
            /** Url */
            url: string;
            usage: components["schemas"]["UsageNow"] | null;
        };
        /**
         * SavedTemplate
         * @description A template to be made of what an environment is.
         */
        SavedTemplate: {
            /**
             * Access
             * @description Whether everyone may start from it, or only whom it is shared with.
             * @default private
             * @enum {string}
             */
            access: "private" | "signed-in";
            /**
             * Category
             * @default Other
             */
            category: string;
            /**
             * Environment
             * @description Slug of the environment.
             */
            environment: string;
            /**
             * Keep Env
             * @description Variables of the environment that go along with their values.
             */
            keep_env?: string[];
            /** Name */
            name: string;
            /**
             * Slug
             * @description Its name in addresses.
             */
            slug: string;
            /**
             * Summary
             * @default
             */
            summary: string;
        };
        /**
         * SecondFactor
         * @description The caller's second factor.
         */
        SecondFactor: {
            /** Is On */
            is_on: boolean;
            /**
             * Is Required
             * @description Whether the settings ask this person for one.
             */
            is_required: boolean;
            /** Last Used At */
            last_used_at?: string | null;
            /**
             * Recovery Codes Left
             * @default 0
             */
            recovery_codes_left: number;
            /** Since */
            since?: string | null;
        };
        /**
         * SecretRead
         * @description That a workload got secrets when it started.
         */
        SecretRead: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Names
             * @description Names of the secrets that it got.
             */
            names: string[];
            /** Release */
            release: number;
            /** Workload Id */
            workload_id: string;
        };
        /**
         * Session
         * @description A sign-in that lasts, on one device.
         */
        Session: {
            /**
             * Address
             * @description Where it was last used from.
             */
            address: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            device: components["schemas"]["Device"];
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Id */
            id: string;
            /**
             * Is Current
             * @description Whether it is the session of this request.
             */
            is_current: boolean;
            /**
             * Last Used At
             * Format: date-time
             * @description To the minute.
             */
            last_used_at: string;
        };
        /**
         * SetUpAnswer
         * @description The account signed in to, and the recovery codes of its new second factor.
         */
        SetUpAnswer: {
            /** Recovery Codes */
            recovery_codes: string[];
            user: components["schemas"]["User"];
        };
        /**
         * SetupRequest
         * @description The first admin's account, made with the code of the set-up link.
         */
        SetupRequest: {
            /** Code */
            code: string;
            /**
             * Email
             * Format: email
             */
            email: string;
            /** Name */
            name: string;
            /**
             * Password
             * @description At least 10 characters.
             */
            password: string;
        };
        /**
         * SetUpRequest
         * @description What shows that it is the account's owner who sets up an authenticator app.
         */
        SetUpRequest: {
            /**
             * Code
             * @description To replace the present second factor.
             */
            code?: string | null;
            /**
             * Current Password
             * @description While there is no second factor yet, where the account has a password.
             */
            current_password?: string | null;
        };
        /**
         * SetupState
         * @description Whether the first account is still to be made.
         */
        SetupState: {
            /** Needed */
            needed: boolean;
        };
        /**
         * Sharing
         * @description Who has which rights on a thing.
         */
        Sharing: {
            /** Grants */
            grants: components["schemas"]["Grant"][];
            /**
             * Openness
             * @enum {string}
             */
            openness: "private" | "signed-in" | "public";
            /** @description None for what has no owner: a group, the platform. */
            owner: components["schemas"]["SubjectInfo"] | null;
            /**
             * Permissions
             * @description What the caller may do with it.
             */
            permissions: string[];
            resource: components["schemas"]["ResourceRef"];
            /**
             * Roles
             * @description Those that can be given here.
             */
            roles: components["schemas"]["Role"][];
        };
        /** Body_sign-in-providers.sign-out */
        "sign-out": {
            /** Logout Token */
            logout_token: string;
        };
        /**
         * SignedOut
         * @description Where the browser is to go to sign out there, too.
         */
        SignedOut: {
            /** Url */
            url: string;
        };
        /**
         * SignInBeginning
         * @description Where to go once signed in.
         */
        SignInBeginning: {
            /**
             * Next
             * @description Where to go afterwards: a path of the main origin.
             * @default /
             */
            next: string;
        };
        /**
         * SignInFinished
         * @description Who is signed in now, and where they were going.
         */
        SignInFinished: {
            /**
             * Is Linked
             * @description Whether this linked an identity to the account that was signed in already.
             */
            is_linked: boolean;
            /** Next */
            next: string;
            /** @description What is still to be done to be signed in. */
            step?: components["schemas"]["NextStep"] | null;
            /** @description None while a second step is to be done. */
            user: components["schemas"]["User"] | null;
        };
        /**
         * SignInOptions
         * @description What people who are not signed in can do here.
         */
        SignInOptions: {
            /**
             * Domains
             * @description Whose addresses can be registered; empty for all.
             */
            domains: string[];
            /**
             * Mail
             * @description Whether mail is sent; without it admins hand out links.
             */
            mail: boolean;
            /**
             * Registration
             * @description Whether they can register by themselves.
             */
            registration: boolean;
        };
        /**
         * SignInProvider
         * @description An OpenID provider by which people can sign in.
         */
        SignInProvider: {
            /** Icon */
            icon: string;
            /** Id */
            id: string;
            /** Name */
            name: string;
        };
        /**
         * SignInProviders
         * @description The providers, in the order of their buttons.
         */
        SignInProviders: {
            /** Items */
            items: components["schemas"]["SignInProvider"][];
        };
        /**
         * Size
         * @description What an environment may use; a limit that is None is the machine's own.
         */
        Size: {
            /**
             * Cpu
             * @description Processor cores.
             */
            cpu: number;
            /**
             * Gpus
             * @description Graphics processors, where the machine offers any.
             * @default 0
             */
            gpus: number;
            /**
             * Memory Bytes
             * @description Memory, in bytes.
             */
            memory_bytes: number;
        };
        /**
         * SlowCommand
         * @description A command that took long. Values are never kept.
         */
        SlowCommand: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Collection */
            collection: string | null;
            /** Command */
            command: string;
            /**
             * Fields
             * @description Fields it searched by.
             */
            fields: string[];
            /** Milliseconds */
            milliseconds: number;
        };
        /**
         * Somebody
         * @description A person, by name.
         */
        Somebody: {
            /** Email */
            email: string;
            /** Id */
            id: string;
            /** Name */
            name: string;
        };
        /**
         * Spec
         * @description Exactly what an environment is, so that another can be started just like it.
         */
        Spec: {
            /** Activity */
            activity?: "jupyter" | null;
            /**
             * Background Bytes
             * @description What an open tab sends over each WebSocket in half a minute though nobody uses it, in bytes; only more is use.
             * @default 0
             */
            background_bytes: number;
            /** Command */
            command: string[];
            /** Env */
            env?: {
                [key: string]: string;
            };
            /**
             * Extra Packages
             * @description What was added to that.
             */
            extra_packages?: string[];
            /**
             * Files
             * @description What a new workspace gets.
             */
            files?: {
                [key: string]: string;
            };
            /**
             * Folder
             * @default
             */
            folder: string;
            /**
             * Git Url
             * @description Repository that is cloned into the workspace, unless its folder is there.
             */
            git_url?: string | null;
            health?: components["schemas"]["Health"];
            /**
             * Image
             * @description Container image that it runs in instead.
             */
            image?: string | null;
            /**
             * Is Culled
             * @default true
             */
            is_culled: boolean;
            /**
             * Lock
             * @description Every package with version and hash.
             */
            lock?: string | null;
            /**
             * Node Packages
             * @description What npm brings besides.
             */
            node_packages?: string[];
            /**
             * Outbound
             * @default true
             */
            outbound: boolean;
            /**
             * Packages
             * @description What the template brings.
             */
            packages: string[];
            /**
             * Port
             * @description Port that the image listens on.
             */
            port?: number | null;
            size: components["schemas"]["Size"];
            /**
             * Template
             * @description Slug of the template it was started from.
             */
            template: string;
            /**
             * Terminal Path
             * @description Where its address leads to a terminal.
             */
            terminal_path?: string | null;
        };
        /**
         * StorageUse
         * @description How much an app's documents and indexes take.
         */
        StorageUse: {
            /**
             * Allowed By
             * @description The quota that leaves it no more; empty: its own limit.
             * @default
             */
            allowed_by: string;
            /** Allowed Bytes */
            allowed_bytes: number;
            /**
             * Is Estimate
             * @description Whether it was written to since it was measured.
             */
            is_estimate: boolean;
            /** Measured At */
            measured_at: string | null;
            /**
             * Used Bytes
             * @description Null as long as it was not measured.
             */
            used_bytes: number | null;
        };
        /**
         * SubjectInfo
         * @description Somebody, or a group, or everybody, as shown where rights are given.
         */
        SubjectInfo: {
            /** Email */
            email?: string | null;
            /**
             * Is Active
             * @description False for a deactivated account, and for what is gone.
             * @default true
             */
            is_active: boolean;
            /**
             * Kind
             * @enum {string}
             */
            kind: "user" | "group" | "app" | "signed-in" | "anyone";
            /** Name */
            name: string;
            /**
             * Subject
             * @description `user:<id>`, `group:<id>`, `app:<id>`, `signed-in` or `anyone`.
             */
            subject: string;
        };
        /**
         * Subjects
         * @description What a few letters may mean.
         */
        Subjects: {
            /** Items */
            items: components["schemas"]["SubjectInfo"][];
        };
        /**
         * Template
         * @description A template of the catalogue.
         */
        Template: {
            /**
             * Access
             * @description Whether everyone may start from it.
             * @enum {string}
             */
            access: "private" | "signed-in";
            /**
             * Activity
             * @description How to ask it whether it is at work, beside its visitors and the processor.
             */
            activity?: "jupyter" | null;
            /**
             * Background Bytes
             * @description What an open tab sends over each WebSocket in half a minute though nobody uses it, in bytes; only more is use.
             * @default 0
             */
            background_bytes: number;
            /**
             * Build
             * @description Whether what it runs in is ready on this machine, so that the first start need not wait.
             * @enum {string}
             */
            build: "unbuilt" | "building" | "built" | "failed";
            /** Build Reason */
            build_reason: string | null;
            /**
             * Category
             * @default Other
             */
            category: string;
            /**
             * Command
             * @description What to run; `$PORT`, `$HOST` and `$HOME` are filled in.
             */
            command: string[];
            /**
             * Description
             * @description What is in it and what it is good for.
             * @default
             */
            description: string;
            /** Env */
            env?: {
                [key: string]: string;
            };
            /** Etag */
            etag: string;
            /**
             * Files
             * @description Files that a new workspace gets, unless it has them already.
             */
            files?: {
                [key: string]: string;
            };
            /**
             * Folder
             * @description Working folder, below the home folder.
             * @default
             */
            folder: string;
            health?: components["schemas"]["Health"];
            /**
             * Icon
             * @description An emoji, or the name of a lucide icon.
             */
            icon?: string | null;
            /**
             * Image
             * @description Container image, for the kind `image`.
             */
            image?: string | null;
            /**
             * Is Culled
             * @description Whether idle ones are put to sleep; False opts out.
             * @default true
             */
            is_culled: boolean;
            /**
             * Is Retired
             * @description Whether nobody starts from it any more.
             * @default false
             */
            is_retired: boolean;
            /**
             * Is Shipped
             * @description Whether Hothouse brought it.
             */
            is_shipped: boolean;
            /**
             * Kind
             * @description Whether it runs in an environment made of packages, or in a container image.
             * @default packages
             * @enum {string}
             */
            kind: "packages" | "image";
            /** @description What may be asked. */
            maximum?: components["schemas"]["Size"];
            /** May Manage */
            may_manage: boolean;
            /**
             * Name
             * @description As people read it.
             */
            name: string;
            /**
             * Node Packages
             * @description Node packages, each as `name@version`; none of their scripts is run.
             */
            node_packages?: string[];
            /**
             * Outbound
             * @description Whether it may reach the internet.
             * @default true
             */
            outbound: boolean;
            /**
             * Packages
             * @description Python requirements.
             */
            packages?: string[];
            /**
             * Port
             * @description Port an image listens on; programs of packages are told theirs.
             */
            port?: number | null;
            /** @description Unless another is asked. */
            size?: components["schemas"]["Size"];
            /** Slug */
            slug: string;
            /**
             * Summary
             * @description One line for the card.
             * @default
             */
            summary: string;
            /** Tags */
            tags?: string[];
            /**
             * Terminal Path
             * @description Where its address leads to a terminal, e.g. `/terminals/1`, if it has one.
             */
            terminal_path?: string | null;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * TemplateChange
         * @description A template as it is to be; what environments were started with stays as it was.
         */
        TemplateChange: {
            /**
             * Activity
             * @description How to ask it whether it is at work, beside its visitors and the processor.
             */
            activity?: "jupyter" | null;
            /**
             * Background Bytes
             * @description What an open tab sends over each WebSocket in half a minute though nobody uses it, in bytes; only more is use.
             * @default 0
             */
            background_bytes: number;
            /**
             * Category
             * @default Other
             */
            category: string;
            /**
             * Command
             * @description What to run; `$PORT`, `$HOST` and `$HOME` are filled in.
             */
            command: string[];
            /**
             * Description
             * @description What is in it and what it is good for.
             * @default
             */
            description: string;
            /** Env */
            env?: {
                [key: string]: string;
            };
            /**
             * Files
             * @description Files that a new workspace gets, unless it has them already.
             */
            files?: {
                [key: string]: string;
            };
            /**
             * Folder
             * @description Working folder, below the home folder.
             * @default
             */
            folder: string;
            health?: components["schemas"]["Health"];
            /**
             * Icon
             * @description An emoji, or the name of a lucide icon.
             */
            icon?: string | null;
            /**
             * Image
             * @description Container image, for the kind `image`.
             */
            image?: string | null;
            /**
             * Is Culled
             * @description Whether idle ones are put to sleep; False opts out.
             * @default true
             */
            is_culled: boolean;
            /**
             * Is Retired
             * @description Whether nobody starts from it any more.
             * @default false
             */
            is_retired: boolean;
            /**
             * Kind
             * @description Whether it runs in an environment made of packages, or in a container image.
             * @default packages
             * @enum {string}
             */
            kind: "packages" | "image";
            /** @description What may be asked. */
            maximum?: components["schemas"]["Size"];
            /**
             * Name
             * @description As people read it.
             */
            name: string;
            /**
             * Node Packages
             * @description Node packages, each as `name@version`; none of their scripts is run.
             */
            node_packages?: string[];
            /**
             * Outbound
             * @description Whether it may reach the internet.
             * @default true
             */
            outbound: boolean;
            /**
             * Packages
             * @description Python requirements.
             */
            packages?: string[];
            /**
             * Port
             * @description Port an image listens on; programs of packages are told theirs.
             */
            port?: number | null;
            /** @description Unless another is asked. */
            size?: components["schemas"]["Size"];
            /**
             * Summary
             * @description One line for the card.
             * @default
             */
            summary: string;
            /** Tags */
            tags?: string[];
            /**
             * Terminal Path
             * @description Where its address leads to a terminal, e.g. `/terminals/1`, if it has one.
             */
            terminal_path?: string | null;
        };
        /**
         * TextChange
         * @description What a text file is to hold.
         */
        TextChange: {
            /**
             * Path
             * @description Names joined by `/`, percent-encoded as in addresses; empty for the top.
             */
            path: string;
            /** Text */
            text: string;
        };
        /**
         * Tier
         * @description A tier.
         */
        Tier: {
            /**
             * Cpu
             * @description Most processor cores of one environment.
             */
            cpu: number;
            /**
             * Disk Bytes
             * @description Most that a workspace may take up, in bytes; none: as HOTHOUSE_ENVIRONMENTS_WORKSPACE_BYTES says.
             */
            disk_bytes?: number | null;
            /**
             * Environments
             * @description How many may run, or be asleep, at the same time.
             */
            environments: number;
            /**
             * Given To
             * @description To how many people and groups it was given.
             */
            given_to: number;
            /**
             * Gpus
             * @description Most graphics processors of one environment.
             * @default 0
             */
            gpus: number;
            /**
             * Idle Minutes
             * @description After how long without use one is put to sleep; 0: never.
             * @default 60
             */
            idle_minutes: number;
            /**
             * Is Default
             * @description Whether people have it who were given none.
             */
            is_default: boolean;
            /**
             * Is Shipped
             * @description Whether Hothouse brought it.
             */
            is_shipped: boolean;
            /**
             * Lifetime Hours
             * @description Longest that one may run; 0: for ever.
             * @default 0
             */
            lifetime_hours: number;
            /**
             * Memory Bytes
             * @description Most memory of one environment, in bytes.
             */
            memory_bytes: number;
            /**
             * Rank
             * @description Of several tiers that somebody has, the one of the highest counts.
             */
            rank: number;
            /**
             * Tier
             * @description Its name in addresses.
             */
            tier: string;
            /**
             * Title
             * @description As people read it.
             */
            title: string;
        };
        /**
         * TierFields
         * @description How much a person's environments may take.
         */
        TierFields: {
            /**
             * Cpu
             * @description Most processor cores of one environment.
             */
            cpu: number;
            /**
             * Disk Bytes
             * @description Most that a workspace may take up, in bytes; none: as HOTHOUSE_ENVIRONMENTS_WORKSPACE_BYTES says.
             */
            disk_bytes?: number | null;
            /**
             * Environments
             * @description How many may run, or be asleep, at the same time.
             */
            environments: number;
            /**
             * Gpus
             * @description Most graphics processors of one environment.
             * @default 0
             */
            gpus: number;
            /**
             * Idle Minutes
             * @description After how long without use one is put to sleep; 0: never.
             * @default 60
             */
            idle_minutes: number;
            /**
             * Lifetime Hours
             * @description Longest that one may run; 0: for ever.
             * @default 0
             */
            lifetime_hours: number;
            /**
             * Memory Bytes
             * @description Most memory of one environment, in bytes.
             */
            memory_bytes: number;
            /**
             * Rank
             * @description Of several tiers that somebody has, the one of the highest counts.
             */
            rank: number;
            /**
             * Title
             * @description As people read it.
             */
            title: string;
        };
        /**
         * TierGift
         * @description The tier that somebody is to have; none: no longer one of their own.
         */
        TierGift: {
            /** Tier */
            tier: string | null;
        };
        /**
         * Token
         * @description An API token; the secret itself is shown once, when it is made.
         */
        Token: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Expires At
             * @description None: it lasts until it is revoked.
             */
            expires_at?: string | null;
            /** Id */
            id: string;
            /**
             * Last Used At
             * @description To the minute.
             */
            last_used_at?: string | null;
            /** Name */
            name: string;
            /**
             * Scopes
             * @description None: all that its owner may do.
             */
            scopes?: ("read" | "apps:open" | "apps:write" | "environments:open" | "environments:write" | "admin")[] | null;
        };
        /**
         * Upload
         * @description A source archive that was received and looked at, waiting to be deployed.
         */
        Upload: {
            /** Digest */
            digest: string;
            existing_app: components["schemas"]["ExistingApp"] | null;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** File Count */
            file_count: number;
            /**
             * Files
             * @description Paths in the archive, the first 200.
             */
            files: string[];
            /** Id */
            id: string;
            /**
             * Manifest
             * @description The manifest found, proposed or imported.
             */
            manifest: {
                [key: string]: unknown;
            } | null;
            /**
             * Origin
             * @enum {string}
             */
            origin: "manifest" | "proposed" | "imported";
            /**
             * Problems
             * @description What must be mended before it can be deployed.
             */
            problems: components["schemas"]["FieldProblem"][];
            /** Report */
            report: components["schemas"]["ReportLine"][];
            /** Size */
            size: number;
        };
        /**
         * UsageNow
         * @description What a workload uses at the moment.
         */
        UsageNow: {
            /**
             * Cpu Percent
             * @description Share of one core; 200 means two cores busy.
             */
            cpu_percent: number;
            /**
             * Disk Bytes
             * @description What its folders hold; null where nothing measures them.
             */
            disk_bytes?: number | null;
            /**
             * Disk Limit Bytes
             * @description What they may hold.
             */
            disk_limit_bytes?: number | null;
            /** Memory Bytes */
            memory_bytes: number;
            /** Memory Limit Bytes */
            memory_limit_bytes: number | null;
            /** Processes */
            processes: number;
            /**
             * Received Bytes Per Second
             * @description From visitors, the platform and the internet; null where that cannot be told in full.
             */
            received_bytes_per_second?: number | null;
            /**
             * Sent Bytes Per Second
             * @description The other way.
             */
            sent_bytes_per_second?: number | null;
        };
        /**
         * UsagePoint
         * @description What was used within a minute or an hour.
         */
        UsagePoint: {
            /**
             * At
             * Format: date-time
             * @description When it began.
             */
            at: string;
            /**
             * Cpu Hours
             * @description Hours for which one processor core was busy.
             */
            cpu_hours: number;
            /**
             * Memory Gib Hours
             * @description GiB of memory, times hours for which they were taken.
             */
            memory_gib_hours: number;
            /**
             * Workload Hours
             * @description Hours that workloads ran, all together.
             */
            workload_hours: number;
        };
        /**
         * UsageSeries
         * @description What a person used, or what was used of a template or by an app.
         */
        UsageSeries: {
            /** Key */
            key: string;
            /** Name */
            name: string;
            /** Points */
            points: components["schemas"]["UsagePoint"][];
        };
        /**
         * Used
         * @description How much there is of everything that a quota may limit.
         */
        Used: {
            /** Apps */
            apps: number;
            /** Apps Running */
            apps_running: number;
            /** Cpu */
            cpu: number;
            /** Database Bytes */
            database_bytes: number;
            /** Disk Bytes */
            disk_bytes: number;
            /** Environments */
            environments: number;
            /** Memory Bytes */
            memory_bytes: number;
        };
        /**
         * User
         * @description A person's account.
         */
        User: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Email */
            email: string;
            /** Id */
            id: string;
            /** Name */
            name: string;
            /**
             * Role
             * @enum {string}
             */
            role: "admin" | "developer" | "member";
        };
        /**
         * UserAnswer
         * @description The account the caller acts as.
         */
        UserAnswer: {
            user: components["schemas"]["User"];
        };
        /**
         * UserCodeOnly
         * @description The code that a device shows; spaces, hyphens and case do not count.
         */
        UserCodeOnly: {
            /** User Code */
            user_code: string;
        };
        /**
         * WaysIn
         * @description How somebody can sign in to their account.
         */
        WaysIn: {
            /** Has Password */
            has_password: boolean;
            /** Identities */
            identities: components["schemas"]["Identity"][];
            /**
             * Providers
             * @description Where more can be linked.
             */
            providers: components["schemas"]["SignInProvider"][];
        };
        /**
         * WorkloadInfo
         * @description The workload that serves the app.
         */
        WorkloadInfo: {
            /** Id */
            id: string;
            isolation: components["schemas"]["IsolationInfo"] | null;
            /** Restarts */
            restarts: number;
            /** Started At */
            started_at: string | null;
        };
        /**
         * Workspace
         * @description Files that outlive environments.
         */
        Workspace: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Id */
            id: string;
            /**
             * Is Default
             * @description Whether environments get it that ask for none.
             */
            is_default: boolean;
            /**
             * Job Id
             * @description The work that is being done on it.
             */
            job_id?: string | null;
            /** Name */
            name: string;
            /** Quota Bytes */
            quota_bytes: number;
            /**
             * Reason
             * @description Why the last copying failed.
             */
            reason?: string | null;
            /** @description None until it was measured. */
            size?: components["schemas"]["WorkspaceSize"] | null;
            /**
             * State
             * @description `failed`: it was to be a copy.
             * @enum {string}
             */
            state: "ready" | "copying" | "restoring" | "failed";
            /**
             * Used By
             * @description Names of the environments that have it.
             */
            used_by: string[];
        };
        /**
         * WorkspaceClone
         * @description What a copy of a workspace is to be.
         */
        WorkspaceClone: {
            /** Name */
            name: string;
            /**
             * Snapshot Id
             * @description Copy this snapshot, not the files as they are now.
             */
            snapshot_id?: string | null;
        };
        /**
         * WorkspaceJob
         * @description Work in the background, and what it says.
         */
        WorkspaceJob: {
            /** Id */
            id: string;
            /** Log */
            log: components["schemas"]["JobLine"][];
            /**
             * Reason
             * @description Why it failed.
             */
            reason?: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "queued" | "running" | "done" | "failed";
            /**
             * What
             * @enum {string}
             */
            what: "snapshot" | "restore" | "clone";
        };
        /**
         * WorkspaceSize
         * @description What a workspace takes up, with its snapshots and bin, when that was last measured.
         */
        WorkspaceSize: {
            /** Bytes */
            bytes: number;
            /** Files */
            files: number;
            /**
             * Is Whole
             * @description False where there was too much to count all of it.
             */
            is_whole: boolean;
            /**
             * Measured At
             * Format: date-time
             */
            measured_at: string;
        };
        /**
         * WorkspaceSnapshot
         * @description A workspace's files as they were.
         */
        WorkspaceSnapshot: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Id */
            id: string;
            /** Job Id */
            job_id?: string | null;
            /** Name */
            name: string;
            /** Reason */
            reason?: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "making" | "ready" | "failed";
        };
    };
    responses: {
        /** @description Bad Request */
        Problem400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description Unauthorized */
        Problem401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description Forbidden */
        Problem403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description Not Found */
        Problem404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description Conflict */
        Problem409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description Precondition Failed */
        Problem412: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description Request Entity Too Large */
        Problem413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description Unprocessable Entity */
        Problem422: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description Too Many Requests */
        Problem429: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description Service Unavailable */
        Problem503: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description Insufficient Storage */
        Problem507: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "schemas.manifest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "access.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sharing"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "access.explain": {
        parameters: {
            query: {
                /** @description An action of the thing's kind. */
                action: string;
                /** @description `user:<id>`, `group:<id>`, `app:<id>`, or `anyone`. */
                subject: string;
            };
            header?: never;
            path: {
                kind: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Explanation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "access.grant": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: string;
                name: string;
                /** @description `user:<id>`, `group:<id>`, `app:<id>` or `signed-in`. */
                subject: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewGrant"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Grant"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "access.revoke": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: string;
                name: string;
                /** @description `user:<id>`, `group:<id>`, `app:<id>` or `signed-in`. */
                subject: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "access.hand-over": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandOver"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "access.open": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpennessChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "access.people": {
        parameters: {
            query: {
                /** @description An action of the thing's kind. */
                action: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path: {
                kind: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Holder_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "access.events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "access.requests": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
                /** @description Only those in this state. */
                state?: "open" | "granted" | "refused";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AccessRequest_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "access.request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAccessRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "access.withdraw-request": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "access.decide": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccessDecision"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessRequest"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "access.own-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AccessRequest_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "access.review-person": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Reached_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "access.review-resources": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Only things of this kind. */
                kind?: string | null;
                /** @description How many items at most. */
                limit?: number;
                /** @description Words in the name or title. */
                q?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ReviewedResource_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "account.update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Profile"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "identities.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WaysIn"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "identities.link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkBeginning"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Redirection"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "identities.unlink": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                identity_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Confirmation"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "account.impersonations": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Impersonation_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "notices.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Notice_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "notices.read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                notice_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "passkeys.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Passkey_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "passkeys.add": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPasskey"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passkey"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "passkeys.rename": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                passkey_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeyNameChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passkey"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "passkeys.remove": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                passkey_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeOnly"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "passkeys.begin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeOnly"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyOptions"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "account.change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "account.remove-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Confirmation"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "second-factor.show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactor"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "second-factor.begin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetUpRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FactorOffer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "second-factor.confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeOnly"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "second-factor.renew-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeOnly"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "second-factor.turn-off": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeOnly"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "personal-secrets.list": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_PersonalSecret_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "personal-secrets.set": {
        parameters: {
            query?: never;
            header?: {
                /** @description `*`: only if there is none of that name yet. */
                "if-none-match"?: string | null;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonalSecretValue"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonalSecret"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "personal-secrets.delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "sessions.list": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Session_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "sessions.revoke-others": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "sessions.revoke": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "actions.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Actions"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "running.capacity": {
        parameters: {
            query?: {
                grain?: "minute" | "hour";
                /** @description How far back. */
                hours?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Capacities"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "running.isolation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IsolationPolicy"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "running.usage": {
        parameters: {
            query?: {
                by?: "person" | "what";
                grain?: "minute" | "hour";
                /** @description How far back. */
                hours?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_UsageSeries_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "running.export-usage": {
        parameters: {
            query?: {
                grain?: "minute" | "hour";
                /** @description How far back. */
                hours?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": unknown;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "running.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_RunningWorkload_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "running.extend": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workload_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["hothouse__environments__running__schemas__Extension"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "running.message": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workload_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Message"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "running.stop": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "apps.list": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
                /** @description Words to find in name, slug, description or tags. */
                q?: string | null;
                /** @description Only apps in this state. */
                state?: ("pending" | "starting" | "running" | "sleeping" | "stopping" | "stopped" | "failed") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_App_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "apps.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppDetail"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "apps.delete": {
        parameters: {
            query?: {
                /** @description The app's slug, to confirm. */
                confirm?: string;
            };
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "apps.configure": {
        parameters: {
            query?: never;
            header?: {
                /** @description The `etag` the change is based on. */
                "if-match"?: string | null;
            };
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AppSettings"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppDetail"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "data.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataOverview"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "data.limit": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DataStorage"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataOverview"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "data.grant": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                reader: string;
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DataGrant"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataReader"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "data.take_back": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                reader: string;
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "apps.deploy": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeployRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "deployments.list": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Deployment_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "apps.logs": {
        parameters: {
            query?: {
                /** @description Stream server-sent events, going on as lines are written. */
                follow?: boolean;
                /** @description How many of the last lines. */
                tail?: number;
            };
            header?: {
                /** @description Resume after this event. */
                "Last-Event-ID"?: string | null;
            };
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                    "text/plain": unknown;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "releases.list": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Release_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "releases.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: number;
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseDetail"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "releases.diff": {
        parameters: {
            query: {
                /** @description The release to compare with. */
                against: number;
            };
            header?: never;
            path: {
                number: number;
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseDiff"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "releases.log": {
        parameters: {
            query?: {
                /** @description Stream server-sent events, going on as lines are written. */
                follow?: boolean;
            };
            header?: {
                /** @description Resume after this event. */
                "Last-Event-ID"?: string | null;
            };
            path: {
                number: number;
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                    "text/plain": unknown;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "releases.source": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: number;
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": unknown;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "apps.restart": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "apps.rollback": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "apps.secret-reads": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SecretRead_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "apps.start": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["App"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "apps.stop": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["App"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "audit.list": {
        parameters: {
            query?: {
                /** @description Only about this thing: an id or name, or kind and name as `app:my-app`. */
                about?: string | null;
                /** @description Only this operation, e.g. `apps.deploy`. */
                action?: string | null;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
                /** @description Only what this person did: an id or e-mail address. */
                person?: string | null;
                /** @description Only with this result. */
                result?: ("done" | "denied" | "failed" | "unknown") | null;
                /** @description Only from this time on. */
                since?: string | null;
                /** @description Only before this time. */
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AuditEntry_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "audit.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                seq: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEntry"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "audit.export": {
        parameters: {
            query?: {
                /** @description Only about this thing: an id or name, or kind and name as `app:my-app`. */
                about?: string | null;
                /** @description Only this operation, e.g. `apps.deploy`. */
                action?: string | null;
                /** @description `ndjson` can be verified later; `csv` is for spreadsheets. */
                format?: "ndjson" | "csv";
                /** @description Only what this person did: an id or e-mail address. */
                person?: string | null;
                /** @description Only with this result. */
                result?: ("done" | "denied" | "failed" | "unknown") | null;
                /** @description Only from this time on. */
                since?: string | null;
                /** @description Only before this time. */
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                    "text/csv": unknown;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "audit.state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditState"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "audit.start-verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditVerification"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "audit.verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditVerdict"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "passwords.forgotten": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddressOnly"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "auth.handover": {
        parameters: {
            query: {
                app: string;
                next?: string;
                state: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "people.stop-impersonating": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "invitations.show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkCode"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationOffer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "invitations.accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Acceptance"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserAnswer"] | components["schemas"]["NextStep"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "auth.login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserAnswer"] | components["schemas"]["NextStep"];
                };
            };
            /** @description A second step is needed */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NextStep"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "auth.logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out here, and to be at a provider */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedOut"];
                };
            };
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "auth.me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "auth.options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInOptions"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "sign-in-providers.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInProviders"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "sign-in-providers.begin": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInBeginning"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Redirection"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "sign-in-providers.finish": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderAnswer"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInFinished"];
                };
            };
            /** @description A second step is needed */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInFinished"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "sign-in-providers.sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["sign-out"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "auth.register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddressOnly"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistrationAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "passwords.show-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkCode"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResetOffer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "passwords.reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPasswordByLink"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "auth.show-second-step": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PendingStep"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "auth.second-step": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeOnly"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "auth.give-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "auth.passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeyAnswer"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "auth.begin-passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyOptions"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "auth.begin-set-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FactorOffer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "auth.finish-set-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeOnly"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetUpAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "culling.preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Previewed_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "culling.record": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Cull_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "data.requests": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_DataRequest_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "deployments.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                deployment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "device.approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceApproval"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "device.begin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDeviceLogin"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceCode"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "device.deny": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserCodeOnly"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "device.show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserCodeOnly"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceRequest"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "device.token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceCodeOnly"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceToken"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "environments.list": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
                /** @description One's own, or all that one may see. */
                whose?: "mine" | "all";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Environment_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "environments.start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEnvironment"];
            };
        };
        responses: {
            /** @description It was there already. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "environments.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentDetail"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "environments.delete": {
        parameters: {
            query?: {
                /** @description The environment's slug, to confirm. */
                confirm?: string;
            };
            header?: never;
            path: {
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "environments.change": {
        parameters: {
            query?: never;
            header?: {
                /** @description The `etag` the change is based on. */
                "if-match"?: string | null;
            };
            path: {
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnvironmentChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentDetail"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "environments.activity": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Activity"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "environments.build-log": {
        parameters: {
            query?: {
                /** @description Stream server-sent events, going on as lines are written. */
                follow?: boolean;
            };
            header?: {
                /** @description Resume after this event. */
                "Last-Event-ID"?: string | null;
            };
            path: {
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                    "text/plain": unknown;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "environments.keep": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["hothouse__environments__culling__schemas__Extension"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Activity"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "environments.logs": {
        parameters: {
            query?: {
                /** @description Stream server-sent events, going on as lines are written. */
                follow?: boolean;
                /** @description How many of the last lines. */
                tail?: number;
            };
            header?: {
                /** @description Resume after this event. */
                "Last-Event-ID"?: string | null;
            };
            path: {
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                    "text/plain": unknown;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "environments.restart": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "environments.sleep": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Activity"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "environments.spec": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Spec"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "environments.resume": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "environments.stop": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "environments.follow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "events.follow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "groups.list": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
                /** @description How a word of the name begins. */
                q?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Group_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "groups.create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewGroup"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "groups.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "groups.delete": {
        parameters: {
            query?: {
                /** @description The group's name, to confirm. */
                confirm?: string;
            };
            header?: never;
            path: {
                group_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "groups.update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "groups.grants": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Reached_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "groups.members": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path: {
                group_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Membership_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "groups.add-member": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group_id: string;
                /** @description `user:<id>` or `group:<id>`. */
                subject: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMembership"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Membership"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "groups.remove-member": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group_id: string;
                /** @description `user:<id>` or `group:<id>`. */
                subject: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "images.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Images"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "images.remove": {
        parameters: {
            query: {
                name: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "images.build": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImageBuild"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageJob"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "images.job": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                image_job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageJob"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "images.log": {
        parameters: {
            query?: {
                /** @description Stream server-sent events, going on as lines are written. */
                follow?: boolean;
            };
            header?: {
                /** @description Resume after this event. */
                "Last-Event-ID"?: string | null;
            };
            path: {
                image_job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                    "text/plain": unknown;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "images.pull": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Pull"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageJob"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "invitations.list": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Invitation_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "invitations.create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewInvitation"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedInvitation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "invitations.revoke": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                invitation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "platform.show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlatformInfo"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "quotas.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Quota_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "quotas.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `user:<id>`, `group:<id>`, or `signed-in`: everyone. */
                subject: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuotaDetail"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "quotas.put": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `user:<id>`, `group:<id>`, or `signed-in`: everyone. */
                subject: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuotaLimits"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuotaDetail"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "quotas.delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `user:<id>`, `group:<id>`, or `signed-in`: everyone. */
                subject: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "quotas.mine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyQuotas"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "roles.list": {
        parameters: {
            query?: {
                /** @description Only roles on this kind of thing. */
                kind?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Roles"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "roles.create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRole"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "roles.delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                role_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "roles.update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                role_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "roles.uses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleUses"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "secrets.rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RotationResult"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "setup.show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupState"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "setup.finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetupRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserAnswer"] | components["schemas"]["NextStep"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "subjects.find": {
        parameters: {
            query: {
                /** @description Any of `user`, `group`, `app`, with commas between. */
                kinds?: string;
                /** @description How a name, or an address, begins. */
                q: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subjects"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "templates.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Template_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "templates.create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTemplate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "templates.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                template: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "templates.change": {
        parameters: {
            query?: never;
            header?: {
                /** @description The `etag` the change is based on. */
                "if-match"?: string | null;
            };
            path: {
                template: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TemplateChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "templates.delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                template: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "templates.build": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                template: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "templates.build-log": {
        parameters: {
            query?: {
                /** @description Stream server-sent events, going on as lines are written. */
                follow?: boolean;
            };
            header?: {
                /** @description Resume after this event. */
                "Last-Event-ID"?: string | null;
            };
            path: {
                template: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                    "text/plain": unknown;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "templates.save": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SavedTemplate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "tiers.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Tier_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "tiers.put": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tier: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TierFields"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tier"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "tiers.delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tier: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "tiers.given": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_GivenTier_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "tiers.give": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `user:<id>` or `group:<id>`. */
                subject: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TierGift"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TierGift"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "tiers.mine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Allowance"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "tokens.list": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Token_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "tokens.create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedToken"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "tokens.revoke": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "tokens.revoke-current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "uploads.create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description A zip of the source.
                     */
                    file: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "uploads.deploy": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeployUpload"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "users.list": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
                /** @description How a name, a word of it, or an address begins. */
                q?: string | null;
                role?: ("admin" | "developer" | "member") | null;
                state?: ("active" | "deactivated") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Account_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "users.create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "users.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "users.update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "users.deactivate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "users.hand-over": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandOverAll"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HandedOver"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "people.impersonate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewImpersonation"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Impersonation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "users.reactivate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "users.reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResetLink"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "users.reset-second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "workspaces.list": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Workspace_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspaces.create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWorkspace"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspaces.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspaces.delete": {
        parameters: {
            query?: {
                /** @description The workspace's name, to confirm. */
                confirm?: string;
            };
            header?: never;
            path: {
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspaces.rename": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWorkspace"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspace-bin.list": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path: {
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_BinEntry_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspace-bin.empty": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspace-bin.remove": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                bin_id: string;
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspace-bin.restore": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                bin_id: string;
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileEntry"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspaces.clone": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkspaceClone"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspace-files.list": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
                /** @description Percent-encoded; empty for the workspace itself. */
                path?: string;
            };
            header?: never;
            path: {
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_FileEntry_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspace-files.download": {
        parameters: {
            query?: {
                /** @description Percent-encoded; empty for the workspace itself. */
                path?: string;
            };
            header?: {
                /** @description An etag that one has. */
                "if-none-match"?: string | null;
                /** @description The etag that the range is of. */
                "if-range"?: string | null;
                /** @description One range of bytes. */
                Range?: string | null;
            };
            path: {
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            /** @description The part that was asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            /** @description It is still the one with the etag in `If-None-Match` */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            /** @description The file is shorter than where the part is to begin */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspace-files.delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FileDeletion"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BinEntry"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspace-files.show": {
        parameters: {
            query?: {
                /** @description Percent-encoded; empty for the workspace itself. */
                path?: string;
            };
            header?: never;
            path: {
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileEntry"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspace-files.make-folder": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewFolder"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileEntry"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspace-files.move": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FileMove"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileEntry"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspace-files.read": {
        parameters: {
            query?: {
                /** @description Percent-encoded; empty for the workspace itself. */
                path?: string;
            };
            header?: never;
            path: {
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileText"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspace-files.write": {
        parameters: {
            query?: never;
            header?: {
                /** @description The `etag` of the file that is replaced; none: a new one. */
                "if-match"?: string | null;
            };
            path: {
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TextChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileEntry"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspace-files.download-folder": {
        parameters: {
            query?: {
                /** @description Percent-encoded; empty for the workspace itself. */
                path?: string;
            };
            header?: never;
            path: {
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": unknown;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspaces.job": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace_id: string;
                workspace_job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceJob"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspaces.snapshots": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path: {
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_WorkspaceSnapshot_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspaces.snapshot": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSnapshot"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceSnapshot"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspaces.delete-snapshot": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                snapshot_id: string;
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspaces.restore": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                snapshot_id: string;
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspace-uploads.list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_FileUpload_"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspace-uploads.begin": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUpload"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileUpload"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspace-uploads.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file_upload_id: string;
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileUpload"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspace-uploads.add": {
        parameters: {
            query: {
                /** @description Where in the file this part begins. */
                offset: number;
                /** @description Replace a file that is there; with the last part. */
                overwrite?: boolean;
            };
            header?: {
                /** @description `sha-256=:…:` of this part, RFC 9530. */
                "content-digest"?: string | null;
            };
            path: {
                file_upload_id: string;
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileUpload"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "workspace-uploads.cancel": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file_upload_id: string;
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            507: components["responses"]["Problem507"];
        };
    };
    "health.live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    "health.ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
}
