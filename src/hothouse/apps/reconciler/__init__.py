"""The reconciler: drives what runs towards what is wanted, and carries on after any crash.

Everything it knows is in MongoDB and with the launcher; a pass over an app reads both, takes the next step, and is
repeated whenever something changed.
"""
