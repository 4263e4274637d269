"""A mail server of another maker, on a free port of the loopback interface, which keeps what it is given."""

import email
import email.policy
import re
import ssl
import threading
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from server import wait_until

USER_NAME = "bi"
PASSWORD = "mail-s3cret"


class Mailbox:
    """What has arrived, as messages with their envelope."""

    def __init__(self):
        self.arrived = []
        self.lock = threading.Lock()

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        with self.lock:
            self.arrived.append((envelope.mail_from, envelope.rcpt_tos, message))
        return "250 kept"

    def take(self, within=30):
        """The next message, which must come; with its sender and recipients."""
        wait_until(lambda: self.arrived, within, "a mail arrives")
        with self.lock:
            return self.arrived.pop(0)

    def link(self):
        """The one address that the next message leads to."""
        _, _, message = self.take()
        (link,) = re.findall(r"https?://\S+/(?:password|account)/\S+", message.get_content())
        return link


class MailServer(Controller):
    def __init__(self, mailbox, **options):
        super().__init__(mailbox, hostname="127.0.0.1", port=0, **options)

    def _trigger_server(self):
        # The port is only known now.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def _authenticate(server, session, envelope, mechanism, data):
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (USER_NAME.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


@contextmanager
def serving(**options):
    """A mail server with these options: the server with its port, and its mailbox."""
    mailbox = Mailbox()
    server = MailServer(mailbox, **options)
    server.start()
    try:
        yield server, mailbox
    finally:
        server.stop()


def encrypted(certificate, key):
    """The options of a mail server that wants STARTTLS and a password."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return {
        "tls_context": context,
        "require_starttls": True,
        "authenticator": _authenticate,
        "auth_required": True,
        "auth_require_tls": True,
    }
