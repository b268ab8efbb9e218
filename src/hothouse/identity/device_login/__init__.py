"""Signing a device in by way of a browser elsewhere: the device authorization grant of RFC 8628, with JSON bodies."""
