"""Passkeys (WebAuthn): in place of a code, as the second step of signing in."""
