"""A research tool in miniature, for tests: keeps clicks in the workspace, and echoes over a WebSocket.

It needs nothing but Python, so that nothing has to be installed for it.
"""

import base64
import hashlib
import http.server
import os
import struct
import threading
from pathlib import Path

CLICKS = Path.home() / "clicks"
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
writing = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.headers.get("Upgrade") == "websocket":
            self.echo()
            return
        self.answer(200, str(CLICKS.stat().st_size if CLICKS.exists() else 0))

    def do_POST(self):
        with writing, CLICKS.open("ab") as file:
            file.write(b".")
            file.flush()
            os.fsync(file.fileno())
        self.answer(201, "kept")

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def echo(self):
        digest = hashlib.sha1(self.headers["Sec-WebSocket-Key"].encode() + GUID).digest()
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(digest).decode())
        self.end_headers()
        self.close_connection = True
        while head := self.rfile.read(2):
            size = head[1] & 127  # a test says little: under 126 bytes
            mask, words = self.rfile.read(4), self.rfile.read(size)
            said = bytes(byte ^ mask[index % 4] for index, byte in enumerate(words))
            self.wfile.write(struct.pack("!BB", head[0], size) + said)
            if head[0] & 15 == 8:
                return

    def log_message(self, *_): ...


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    Server((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
