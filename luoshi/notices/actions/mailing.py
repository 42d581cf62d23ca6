"""Letters over one connection to the site's mail server."""

import hashlib
import smtplib
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from luoshi.notices.models import Delivery
from luoshi.notices.queries.wishes import is_mail_on
from luoshi.notices.rules.answers import TAKEN, Answer, Trouble, Verdict, read_smtp


class Mailer:
    """Opens a connection at the first letter and keeps it; after a fault the next letter gets a new one."""

    def __enter__(self) -> Self:
        self.connection = get_connection(fail_silently=False)
        self.down: Answer | None = None
        return self

    def __exit__(self, *_error: object) -> None:
        self._close()

    def send(self, delivery: Delivery) -> Answer:
        """Send one letter. Once the server itself does not answer, the others are not tried."""
        if not is_mail_on():
            return Answer(Verdict.LATER, Trouble.MAIL_OFF)
        if self.down is not None:
            return self.down
        try:
            self.connection.open()
        except (smtplib.SMTPException, OSError) as error:
            self.down = _server_fault(error)
            return self.down
        return self._hand_over(delivery)

    def _hand_over(self, delivery: Delivery) -> Answer:
        try:
            self.connection.send_messages([letter_of(delivery)])
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            return read_smtp(code, _words(words))
        except smtplib.SMTPResponseException as error:
            self._close()
            return read_smtp(error.smtp_code, _words(error.smtp_error))
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            return Answer(Verdict.LATER, Trouble.SILENT, type(error).__name__)
        return TAKEN

    def _close(self) -> None:
        try:
            self.connection.close()
        except (smtplib.SMTPException, OSError):
            self.connection = get_connection(fail_silently=False)


def letter_of(delivery: Delivery) -> EmailMessage:
    """The letter, under an id that stays the same however often it is sent."""
    host = urlsplit(settings.LUOSHI_SITE_URL).hostname or "luoshi.invalid"
    name = hashlib.sha256(delivery.key.encode()).hexdigest()[:40]
    headers = {
        "Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All",
    }  # fmt: skip
    subject = f"【{settings.LUOSHI_SITE_NAME}】{delivery.subject}"
    return EmailMessage(" ".join(subject.split()), delivery.text, None, [delivery.address], headers=headers)


def _server_fault(error: Exception) -> Answer:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Answer(Verdict.LATER, Trouble.MAIL_LOGIN, f"{error.smtp_code} {_words(error.smtp_error)}"[:150])
    words = f"{type(error).__name__}: {error}"[:150]
    return Answer(Verdict.LATER, Trouble.SILENT if isinstance(error, OSError) else Trouble.BUSY, words)


def _words(text: object) -> str:
    return text.decode(errors="replace") if isinstance(text, bytes) else str(text)
