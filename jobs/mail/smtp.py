"""Letters through a mail server: one line for as many as it takes, verified and encrypted unless a setting says no."""

import re
import smtplib
import ssl
from contextlib import suppress

from jobs.mail.letters import Letter
from jobs.mail.post import LineError, RefusedError, TryLaterError
from matcher.settings import Settings

TIMEOUT_SECONDS = 30
"""For each step of a conversation; outbox.LEASE is longer than all of them together."""

_ABOUT_A_MAILBOX = {550, 551, 552, 553}
_CLOSING = 421
_FOR_GOOD = 500


class SmtpPost:
    """Speaks SMTP with the server of the settings; after any trouble the next letter begins with a new line."""

    def __init__(self, settings: Settings, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        """Take the settings; the line is opened with the first letter."""
        self._settings = settings
        self._timeout_seconds = timeout_seconds
        self._where = f"{settings.smtp_host}:{settings.smtp_port}"
        self._line: smtplib.SMTP | None = None

    def greet(self) -> None:
        """See whether letters could go out, and send none. Raises LineError."""
        self._line = self._line or self._open()

    def send(self, letter: Letter) -> None:
        """Send one letter; then the server has taken it. Raises RefusedError, TryLaterError or LineError."""
        line = self._line or self._open()
        self._line = None
        try:
            self._say(line, letter)
        except BaseException:
            line.close()
            raise
        self._line = line

    def close(self) -> None:
        """Say good-bye; whether it is heard is all the same."""
        if self._line:
            with suppress(OSError):
                self._line.quit()
            self._line.close()
            self._line = None

    def remark(self, sent: int) -> str:
        """Say so where they went in the open."""
        if sent and self._settings.smtp_security == "none":
            return f"They went to {self._where} unencrypted (ALONGSIDE_SMTP_SECURITY=none)."
        return ""

    def _say(self, line: smtplib.SMTP, letter: Letter) -> None:
        try:
            line.send_message(letter.mail, to_addrs=[letter.to])
        except smtplib.SMTPRecipientsRefused as problem:
            raise _trouble("RCPT", *problem.recipients[letter.to]) from None
        except smtplib.SMTPSenderRefused as problem:
            raise _trouble("MAIL", problem.smtp_code, problem.smtp_error) from None
        except smtplib.SMTPDataError as problem:
            raise _trouble("DATA", problem.smtp_code, problem.smtp_error) from None
        except smtplib.SMTPNotSupportedError:
            raise RefusedError(
                "The mail server cannot write to such an address (SMTPUTF8).", address_refused=True
            ) from None
        except OSError as problem:
            raise LineError(f"The mail server {self._where} went silent ({_why(problem)}).", was_tried=True) from None

    def _open(self) -> smtplib.SMTP:
        """A line ready for letters. There is no way back to an unencrypted one where encryption was asked for."""
        try:
            return self._greeted()
        except (OSError, UnicodeError) as problem:  # SMTPException is an OSError; a strange host name is none
            raise LineError(f"The mail server {self._where} cannot be used ({_why(problem)}).") from None

    def _greeted(self) -> smtplib.SMTP:
        its = self._settings
        secure = None if its.smtp_security == "none" else self._context()
        where = (its.smtp_host, its.smtp_port)
        if secure and its.smtp_security == "tls":
            line: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=self._timeout_seconds, context=secure)
        else:
            line = smtplib.SMTP(*where, timeout=self._timeout_seconds)
        try:
            if its.smtp_security == "starttls":
                line.starttls(context=secure)
            if its.smtp_username:
                line.login(its.smtp_username, its.smtp_password.get_secret_value())
            line.ehlo_or_helo_if_needed()
        except BaseException:
            line.close()
            raise
        return line

    def _context(self) -> ssl.SSLContext:
        file = self._settings.smtp_ca_file
        try:
            return ssl.create_default_context(cafile=file)
        except OSError as problem:
            why = f"ALONGSIDE_SMTP_CA_FILE {file} cannot be read as certificates"
            raise LineError(f"{why} ({problem.strerror or type(problem).__name__}).") from None


def _trouble(step: str, code: int, said: bytes | str) -> RefusedError | TryLaterError | LineError:
    """What a reply means for the letter. Of the server's words only the codes are kept: they may name the reader."""
    words = said.decode("ascii", "replace") if isinstance(said, bytes) else said
    enhanced = re.match(r"\s*([245]\.\d{1,3}\.\d{1,3})\b", words)
    exact = enhanced[1] if enhanced else ""
    sentence = f"The mail server said {' '.join(filter(None, [str(code), exact]))} to {step}."
    if code == _CLOSING:
        return LineError(sentence, was_tried=True)
    if code < _FOR_GOOD:
        return TryLaterError(sentence)
    if step == "MAIL":  # it is about us, and would be the same for every letter
        return LineError(f"{sentence} Look at ALONGSIDE_MAIL_FROM and the name to sign in with.")
    about_mailbox = exact.startswith(("5.1.", "5.2.")) if exact else code in _ABOUT_A_MAILBOX
    return RefusedError(sentence, address_refused=step == "RCPT" and about_mailbox)


def _why(problem: Exception) -> str:
    """In a few words, without the server's: after a sign-in that failed these could be anything."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {problem.verify_message}"
    if isinstance(problem, smtplib.SMTPAuthenticationError):
        return f"it refused the name or the password, code {problem.smtp_code}"
    if isinstance(problem, smtplib.SMTPResponseException):
        return f"code {problem.smtp_code}"
    if isinstance(problem, smtplib.SMTPNotSupportedError):
        return str(problem).rstrip(".")
    if TimeoutError in (type(problem), type(problem.__context__)):  # smtplib wraps the one that a reply runs into
        return "no answer in time"
    if isinstance(problem, smtplib.SMTPServerDisconnected):
        return "it hung up"
    return getattr(problem, "strerror", None) or type(problem).__name__
