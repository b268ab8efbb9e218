"""Who is who: accounts, sign-in, sessions, API tokens, and the hand-over of a sign-in to an app's own origin."""
