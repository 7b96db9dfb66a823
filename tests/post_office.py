"""A real SMTP server for the tests, which does as it was told: say something else, hang up, be slow, call somebody."""

import asyncio
import email
import ipaddress
import socket
import ssl
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HERE = "127.0.0.1"
HANG_UP = "hang up"
Order = str | float | Callable[[], Any]
"""A reply, ``HANG_UP``, seconds to stay silent, or something to call before going on as if nothing were."""


class PostOffice:
    """Takes mails into ``mails``. ``orders`` are done one after the other at the step they are for, each once.

    Steps are those of a conversation: MAIL, RCPT, HALF (the first line of a mail is here) and DATA (all of it is).
    """

    def __init__(self, **settings: Any) -> None:
        self.port = free_port()
        self.mails: list[EmailMessage] = []
        self.readers: list[list[str]] = []
        self.conversations: set[Any] = set()
        self.orders: dict[str, deque[Order]] = defaultdict(deque)
        self._settings = settings
        self._controller: Controller | None = None

    def at(self, step: str, *orders: Order) -> None:
        self.orders[step].extend(orders)

    def open(self) -> "PostOffice":
        self._controller = _Door(self, hostname=HERE, port=self.port, **self._settings)
        self._controller.start()
        return self

    def close(self) -> None:
        if self._controller:
            self._controller.stop(no_assert=True)
            self._controller = None

    async def follow(self, step: str, server: SMTP) -> str | None:
        order = self.orders[step].popleft() if self.orders[step] else None
        if order == HANG_UP:
            server.transport.abort()
            raise asyncio.CancelledError
        if isinstance(order, float):
            await asyncio.sleep(order)
        elif callable(order):
            order()
        return order if isinstance(order, str) else None

    # What aiosmtpd calls

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802  # its name there
        self.conversations.add(session.peer)
        answer = await self.follow("MAIL", server)
        envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  # its name there
        answer = await self.follow("RCPT", server)
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  # its name there
        answer = await self.follow("DATA", server)
        if not answer:
            self.mails.append(email.message_from_bytes(envelope.content, policy=default))
            self.readers.append(envelope.rcpt_tos)
        answer = await self.follow("TAKEN", server) or answer
        return answer or "250 OK"


class _Conversation(SMTP):
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  # its name there
        office = self.event_handler
        if office.orders["HALF"] and self.envelope.rcpt_tos:
            await self.push("354 Go on")
            await self._reader.readuntil(b"\r\n")
            await office.follow("HALF", self)
            self.transport.abort()
        else:
            await super().smtp_DATA(arg)


class _Door(Controller):
    def factory(self) -> SMTP:
        return _Conversation(self.handler, **self.SMTP_kwargs)


def free_port() -> int:
    with socket.create_server((HERE, 0)) as door:
        return door.getsockname()[1]


def only_with(name: str, password: str) -> dict[str, Any]:
    """Settings of an office that takes mail only from somebody who signed in."""

    def signs_in(server, session, envelope, mechanism, given):
        assert isinstance(given, LoginPassword)
        known = given.login == name.encode() and given.password == password.encode()
        return AuthResult(success=known, handled=False)

    return {"auth_required": True, "authenticator": signs_in}


class Authority:
    """A throw-away authority: ``ca_file`` to trust it by, and a server's certificate for this machine."""

    def __init__(self, folder: Path, host: str = HERE) -> None:
        self.ca_file = folder / "authority.pem"
        key, name = ec.generate_private_key(ec.SECP256R1()), _named("An authority of the tests")
        own = _certificate(name, name, key.public_key(), key, x509.BasicConstraints(ca=True, path_length=0))
        self.ca_file.write_bytes(own.public_bytes(serialization.Encoding.PEM))
        server_key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName(
            [x509.IPAddress(ipaddress.ip_address(host))] if host == HERE else [x509.DNSName(host)]
        )
        server = _certificate(_named(host), name, server_key.public_key(), key, names)
        both = folder / "server.pem"
        both.write_bytes(
            server.public_bytes(serialization.Encoding.PEM)
            + server_key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(both)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(subject, issuer, public_key, signing_key, extension) -> x509.Certificate:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        .sign(signing_key, hashes.SHA256())
    )
