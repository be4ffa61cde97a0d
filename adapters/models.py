"""The stand-in for the postman: mails that stayed in the house because there is no SMTP_URL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class KeptMail(Base):
    """A mail as it would have left. Read at `/demo/posta`."""

    __tablename__ = "kept_mail"
    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    to: Mapped[str]
    subject: Mapped[str]
    raw: Mapped[str]
    at: Mapped[datetime]
