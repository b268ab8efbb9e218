"""The second factor: codes of an authenticator app (TOTP), recovery codes, and the second step of signing in."""
