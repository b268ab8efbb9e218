"""Mail by SMTP."""

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

import structlog

from hothouse.identity.interfaces import Mail
from hothouse.settings import MailSettings

log = structlog.get_logger(__name__)
TIMEOUT_SECONDS = 15.0


class SmtpMailer:
    """Sends each message over a connection of its own, in a thread."""

    def __init__(self, settings: MailSettings, host: str, sender: str) -> None:
        self._settings = settings
        self._host = host
        self._sender = sender

    async def send(self, mail: Mail) -> bool:
        try:
            await asyncio.to_thread(self._send, mail)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            log.warning("mail-failed", server=f"{self._host}:{self._settings.port}", error=str(error))
            return False
        return True

    def _send(self, mail: Mail) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, mail.to, mail.subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="hothouse.invalid")
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        with self._connect() as server:
            if self._settings.user and self._settings.password:
                server.login(self._settings.user, self._settings.password.get_secret_value())
            server.send_message(message)

    def _connect(self) -> smtplib.SMTP:
        port, trust = self._settings.port, ssl.create_default_context()
        if self._settings.security == "tls":
            return smtplib.SMTP_SSL(self._host, port, timeout=TIMEOUT_SECONDS, context=trust)
        server = smtplib.SMTP(self._host, port, timeout=TIMEOUT_SECONDS)
        if self._settings.security == "starttls":
            server.starttls(context=trust)
        return server
