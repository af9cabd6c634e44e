"""The mailer against real SMTP servers: what leaves, and what it means when they say no."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from bot.mail_message import NoAddress, domain_of, mailbox, message_of
from bot.mailer import SmtpMailer, mailer
from bot.settings import SmtpSettings
from handlers.files.mailing import Letter, MailRefused, MailUnavailable, MailUnclear
from tests.mail_server import HOST, SENDER, certified, mail_server

ID = UUID("0190d1f0-0000-7000-8000-000000000012")
AT = datetime(2022, 1, 15, 9, 30, tzinfo=UTC)
HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"]


def letter(
    to: str = "ivy@hopandvine.example", subject: str = "A price list for you", text: str = "Hello"
) -> Letter:
    return Letter(to, subject, text, ID, AT)


def sends_by(settings: SmtpSettings) -> SmtpMailer:
    made = mailer(settings)
    assert made
    return made


async def test_a_mail_arrives_as_it_was_written() -> None:
    text = "Größe: 3 MB ☕\n\n.a line that begins with a dot\n" + "https://example.com/" + "x" * 200
    async with mail_server() as server:
        await sends_by(server.settings()).send(letter(text=text, subject="Für dich: Preise ☕"))
    (mail,) = server.mails
    assert server.recipients == ["ivy@hopandvine.example"]
    assert mail["From"] == SENDER
    assert mail["To"] == "ivy@hopandvine.example"
    assert mail["Subject"] == "Für dich: Preise ☕"
    assert mail["Date"] == "Sat, 15 Jan 2022 09:30:00 +0000"
    assert mail["Message-ID"] == f"<{ID}@wavepost.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content() == text.replace("\n", "\r\n") + "\r\n"
    assert all(each < 128 for each in server.taken[0]), "any server passes it on as it is"


async def test_the_same_letter_gives_the_same_bytes_again() -> None:
    async with mail_server() as server:
        for _ in range(2):
            await sends_by(server.settings()).send(letter())
    assert server.taken[0] == server.taken[1]


@given(st.text(), st.text())
def test_whatever_people_write_makes_no_other_header_and_no_other_mail(
    subject: str, text: str
) -> None:
    message = message_of(letter(subject=subject, text=text), SENDER)
    headers, _, _ = message.as_bytes().partition(b"\r\n\r\n")
    names = [line.split(b":")[0].decode() for line in headers.split(b"\r\n") if line[:1] > b" "]
    assert names[:6] == HEADERS
    assert len(names) == len(message.keys()) == 11 - 1
    assert [message["To"]] == ["ivy@hopandvine.example"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ivy",
        "ivy@",
        "@example.com",
        "ivy@example.com\r\nBcc: all@example.com",
        "ivy@example.com, bob@example.com",
        "ivy@example.com>",
        "Ivy <ivy@example.com>",
        "ivy @example.com",
        "ivy@exa\u202emple.com\u2028",
        f"{'i' * 250}@example.com",
    ],
)
async def test_what_is_no_address_of_one_person_is_refused_before_it_leaves(address: str) -> None:
    with pytest.raises(NoAddress):
        mailbox(address)
    async with mail_server() as server:
        with pytest.raises(MailRefused):
            await sends_by(server.settings()).send(letter(to=address))
    assert server.taken == []


async def test_addresses_in_all_letters_are_reached() -> None:
    assert mailbox("ivy@faß.example") == "ivy@xn--fa-hia.example", "not fass.example"
    assert domain_of("files@wavepost.example") == domain_of(SENDER) == "wavepost.example"
    async with mail_server() as server:
        await sends_by(server.settings()).send(letter(to="ívy@hóp.example"))
    assert server.recipients == ["ívy@xn--hp-5ja.example"]


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("550 5.1.1 No such user here", MailRefused),
        ("553 5.1.3 Bad address", MailRefused),
        ("450 4.2.1 Mailbox busy", MailUnavailable),
        ("452 4.2.2 Mailbox full", MailUnavailable),
        ("421 Going down", MailUnavailable),
        ("530 5.7.0 Authentication required", MailUnavailable),
    ],
)
async def test_what_a_server_says_of_an_address_ends_it_or_delays_it(
    said: str, meaning: type[MailUnavailable]
) -> None:
    async with mail_server() as server:
        server.to["ivy@hopandvine.example"] = said
        with pytest.raises(MailUnavailable, match=said[4:]) as raised:
            await sends_by(server.settings()).send(letter())
    assert raised.type is meaning
    assert server.taken == []


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("554 5.7.1 Looks like spam", MailRefused),
        ("552 5.3.4 Too large", MailRefused),
        ("451 4.3.0 Try again later", MailUnavailable),
    ],
)
async def test_what_a_server_says_of_a_mail_ends_it_or_delays_it(
    said: str, meaning: type[MailUnavailable]
) -> None:
    async with mail_server() as server:
        server.data = said
        with pytest.raises(MailUnavailable, match=said[4:]) as raised:
            await sends_by(server.settings()).send(letter())
    assert raised.type is meaning


async def test_a_server_that_hangs_up_after_it_took_a_mail_leaves_it_unknown() -> None:
    async with mail_server() as server:
        server.hangs_up = True
        with pytest.raises(MailUnavailable) as raised:
            await sends_by(server.settings()).send(letter())
    assert raised.type is MailUnclear
    assert len(server.taken) == 1


async def test_a_server_that_is_away_or_says_nothing_is_told_in_words() -> None:
    async with mail_server() as server:
        away = sends_by(server.settings())
    with pytest.raises(MailUnavailable, match="cannot be used: Connection refused"):
        await away.send(letter())

    async def listen_in_silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(listen_in_silence, HOST, 0)
    async with silent:
        server.port = silent.sockets[0].getsockname()[1]
        with pytest.raises(MailUnavailable, match="does not answer"):
            await sends_by(server.settings(timeout=0.1)).send(letter())


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_password_is_told_only_to_a_server_that_proved_who_it_is(
    security: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, authority = await asyncio.to_thread(certified, tmp_path)
    at_once = security == "tls"
    async with mail_server(tls=context, at_once=at_once, needs_login=not at_once) as server:
        settings = server.settings(security=security, user="wavepost", password="s3cret")
        if at_once:  # aiosmtpd takes no login where TLS began before it
            settings = server.settings(security=security)
        with pytest.raises(MailUnavailable, match="certificate verify failed"):
            await sends_by(settings).send(letter())
        assert not server.logins
        assert not server.taken

        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        await sends_by(settings).check()
        await sends_by(settings).send(letter())
        assert len(server.taken) == 1
        assert server.logins == ([] if at_once else [(b"wavepost", b"s3cret")] * 2)


async def test_a_wrong_password_is_told_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    context, authority = await asyncio.to_thread(certified, tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    async with mail_server(tls=context, needs_login=True) as server:
        settings = server.settings(security="starttls", user="wavepost", password="pa55-wrong")
        with pytest.raises(MailUnavailable, match="535") as raised:
            await sends_by(settings).send(letter(text="the code is 123456"))
    assert "pa55" not in f"{raised.value!r} {settings!r} {caplog.text}"
    assert "123456" not in f"{letter(text='the code is 123456')!r} {caplog.text}"


async def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for() -> None:
    async with mail_server() as server:
        settings = server.settings(security="starttls", user="wavepost", password="s3cret")
        with pytest.raises(MailUnavailable, match="STARTTLS"):
            await sends_by(settings).send(letter())
    assert server.taken == []


def test_settings_that_cannot_be_right_are_refused() -> None:
    assert mailer(SmtpSettings(host=None)) is None
    for wrong in (
        {"host": "mail.example"},
        {"host": "mail.example", "sender": "wavepost"},
        {"host": "mail.example", "sender": SENDER, "security": "none"},
    ):
        with pytest.raises(ValidationError):
            SmtpSettings.model_validate(wrong)
    assert SmtpSettings(host=HOST, sender=SENDER, password=SecretStr("x")).timeout == 10
