"""What `manage.py doctor` says, in plain words, and what to do."""

import socket
import ssl
import struct
import tempfile
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management import CommandError, call_command
from django.db import connection

from config import dns, doctor
from config.backup import places
from tests.comments.smtp_server import smtp_server

pytestmark = pytest.mark.django_db
AGES = timedelta(days=8), timedelta(days=6)


def said(capsys, *words):
    try:
        call_command("doctor", *words)
    except CommandError as error:
        return f"{capsys.readouterr().out}{error}"
    return capsys.readouterr().out


def test_it_says_what_to_look_at_and_how_much_there_is(capsys, settings):
    settings.DEBUG = True
    text = said(capsys)
    assert "LOOK  settings: DEBUG is on" in text
    assert "LOOK  backup: There is none." in text
    assert "good  database: It answers." in text
    assert "LOOK  mail: EMAIL_HOST is not set" in text
    assert text.endswith(f"{text.count('LOOK')} to look at.")


def test_a_site_in_the_open_is_told(settings):
    settings.HTTPS = False
    assert "in the open" in doctor.deployment()


def test_a_short_key_is_told(settings):
    settings.SECRET_KEY = "short"
    assert "SECRET_KEY is short" in doctor.secret()


def test_what_everybody_on_the_machine_can_read_is_named(settings, tmp_path):
    settings.PRIVATE_ROOT = settings.BACKUP_ROOT = tmp_path / "away"
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        settings.EMAIL_FILE_PATH = Path(folder, "mail")
        settings.EMAIL_FILE_PATH.mkdir(mode=0o755)
        assert folder not in doctor.open_to_all()
        Path(folder).chmod(0o711)
        assert folder in doctor.open_to_all()
        settings.EMAIL_FILE_PATH.chmod(0o750)
        assert folder not in doctor.open_to_all()


@pytest.mark.again
def test_what_a_restore_kept_is_named_after_a_week(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    old, fresh = (f"{doctor.datetime.now(doctor.UTC) - age:{places.MOMENT}}" for age in AGES)
    for moment in (old, fresh):
        (tmp_path / f"media.before-{moment}").mkdir()
    database = places.database()
    kept = database.name_kept(old)
    if connection.vendor == "sqlite":
        Path(kept).touch()
    else:
        with database._server() as server:
            server.execute(f'CREATE DATABASE "{kept}" TEMPLATE template0')
    try:
        text = doctor.replaced()
    finally:
        database.drop(kept)
    assert str(tmp_path / f"media.before-{old}") in text
    assert kept in text
    assert fresh not in text
    (tmp_path / f"media.before-{old}").rmdir()
    assert doctor.replaced() == ""


def test_a_clock_that_stands_before_the_code_is_told(monkeypatch):
    assert doctor.clock() == ""
    past = doctor.datetime(2001, 1, 1, tzinfo=doctor.UTC)
    stopped = type("Stopped", (), {"now": staticmethod(lambda zone: past)})
    monkeypatch.setattr(doctor, "datetime", stopped)
    assert "01 January 2001" in doctor.clock()


def test_who_has_no_second_factor_is_named(settings, author):
    settings.SECOND_FACTOR_REQUIRED = False
    assert "None is required" in doctor.second_factor()
    settings.SECOND_FACTOR_REQUIRED = True
    assert author.get_username() in doctor.second_factor()
    author.is_active = False
    author.save()
    assert doctor.second_factor() == ""


@pytest.fixture
def server(settings):
    with smtp_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = ""
        yield server


def test_a_mail_is_really_sent(server, capsys):
    text = said(capsys, "--mail", "host@example.org")
    assert "good  mail: 127.0.0.1" in text
    (mail,) = server.taken
    assert mail["To"] == "host@example.org"
    assert "http://testserver can send mail" in mail.get_content()


def test_what_the_mail_server_says_is_passed_on(server):
    server.behaviour = "refuse"
    assert "nobody here" in doctor.mail("host@example.org").words


def test_an_address_that_is_none_is_refused(capsys):
    assert "is no e-mail address" in said(capsys, "--mail", "nobody")


def test_where_no_tls_is_it_says_so(settings):
    assert "there is none" in doctor.tls().words
    settings.SITE_URL = "https://localhost"
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        found = doctor.tls(closed.getsockname())
    assert not found.is_good
    assert "refused" in found.words


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """A folder with an authority of its own, and what it has signed."""
    folder = tmp_path_factory.mktemp("certificates")
    signed_by = sign(folder, "authority", "authority", timedelta(days=90), None)
    for name, host, days in CERTIFICATES:
        sign(folder, name, host, timedelta(days=days), signed_by)
    return folder


CERTIFICATES = [
    ("good", "localhost", 60),
    ("nearly over", "localhost", 5),
    ("over", "localhost", -1),
    ("of somebody else", "elsewhere.example", 60),
]


def sign(folder, name, host, lasts, signed_by):
    """A certificate and its key in one file; who signs with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    issuer, signing = signed_by or (named, key)
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(signed_by is None, None), critical=True)
        .sign(signing, hashes.SHA256())
    )
    plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / f"{name}.pem").write_bytes(
        made.public_bytes(plain[0]) + key.private_bytes(*plain, serialization.NoEncryption())
    )
    return named, key


@pytest.fixture
def secured(certificates):
    """Serve one connection with this certificate; its address."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(name):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificates / f"{name}.pem")

        def answer():
            wire, _who = listener.accept()
            with wire, suppress(OSError), context.wrap_socket(wire, server_side=True) as shown:
                shown.recv(1)

        threading.Thread(target=answer, daemon=True).start()
        return listener.getsockname()

    yield serve
    listener.close()


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "is_good", "words"),
    [
        ("good", True, "is good for 59 more days"),
        ("nearly over", False, "4 more days. Renew it."),
        ("over", False, "certificate has expired"),
        ("of somebody else", False, "not valid for 'localhost'"),
    ],
)
def test_the_certificate_readers_see_is_looked_at(
    secured, certificates, settings, monkeypatch, name, is_good, words
):
    settings.SITE_URL = "https://localhost"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "authority.pem"))
    found = doctor.tls(secured(name))
    assert (found.is_good, words in found.words) == (is_good, True), found.words


@pytest.mark.once
def test_a_certificate_nobody_known_signed_is_told(secured, settings):
    settings.SITE_URL = "https://localhost"
    assert "Browsers refuse the certificate" in doctor.tls(secured("good")).words


class Names:
    """A name server on this machine that knows these TXT records. What is longer than a packet of
    512 it tells over TCP alone."""

    def __init__(self, records):
        self.records = records
        self.wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.wire.bind(("127.0.0.1", 0))
        self.long = socket.create_server(self.wire.getsockname())
        threading.Thread(target=self._serve, daemon=True).start()
        threading.Thread(target=self._serve_at_length, daemon=True).start()

    def close(self):
        self.wire.close()
        self.long.close()

    def _serve_at_length(self):
        while True:
            try:
                wire, _who = self.long.accept()
            except OSError:
                return
            with wire:
                answer = self._answer(wire.recv(4096)[2:])
                wire.sendall(struct.pack(">H", len(answer)) + answer)

    def _serve(self):
        while True:
            try:
                asked, who = self.wire.recvfrom(4096)
            except OSError:
                return
            answer = self._answer(asked)
            if len(answer) > 512:
                answer = answer[:2] + struct.pack(">HHHHH", 0x8380, 1, 0, 0, 0) + answer[12:200]
            self.wire.sendto(answer, who)

    def _answer(self, asked):
        labels, place = [], 12
        while asked[place]:
            labels.append(asked[place + 1 : place + 1 + asked[place]].decode())
            place += 1 + asked[place]
        texts = self.records.get(".".join(labels), [])
        head = asked[:2] + struct.pack(">HHHHH", 0x8180, 1, len(texts), 0, 0)
        return head + asked[12 : place + 5] + b"".join(map(self._record, texts))

    def _record(self, text):
        pieces = [text[start : start + 200].encode() for start in range(0, len(text), 200)]
        data = b"".join(bytes([len(piece)]) + piece for piece in pieces)
        return b"\xc0\x0c" + struct.pack(">HHIH", dns.TXT, dns.IN, 60, len(data)) + data


@pytest.fixture
def names():
    server = Names(
        {
            "example.org": ["something else " * 60, "v=spf1 mx -all"],
            "twice.example": ["v=spf1 mx -all", "v=spf1 a -all"],
            "open.example": ["v=spf1 +all"],
            "_dmarc.whole.example": ["v=DMARC1; p=quarantine"],
            "one._domainkey.example.org": ["v=DKIM1; p=" + "A" * 300],
        }
    )
    yield server.wire.getsockname()
    server.close()


@pytest.mark.once
def test_records_of_the_sender_are_looked_at(names, settings):
    settings.DEFAULT_FROM_EMAIL = "The site <noreply@example.org>"
    found = {each.name: each for each in doctor.sender_records("one", names)}
    assert {name: each.is_good for name, each in found.items()} == {
        "SPF": True,
        "DKIM": True,
        "DMARC": False,
    }
    assert "_dmarc.example.org" in found["DMARC"].words


@pytest.mark.once
def test_a_part_of_a_domain_is_spoken_for_by_the_whole(names, settings):
    settings.DEFAULT_FROM_EMAIL = "noreply@mail.whole.example"
    found = {each.name: each for each in doctor.sender_records("", names)}
    assert found["DMARC"].is_good
    assert found["DMARC"].words.startswith("_dmarc.whole.example says")
    assert not found["SPF"].is_good


@pytest.mark.once
@pytest.mark.parametrize(
    ("domain", "words"), [("twice.example", "has 2 SPF records"), ("open.example", "every server")]
)
def test_a_record_that_receivers_cannot_heed_is_told(names, settings, domain, words):
    settings.DEFAULT_FROM_EMAIL = f"noreply@{domain}"
    found = next(each for each in doctor.sender_records("", names) if each.name == "SPF")
    assert not found.is_good
    assert words in found.words


@pytest.mark.once
def test_a_name_server_that_does_not_answer_is_no_finding_against_the_domain(settings):
    settings.DEFAULT_FROM_EMAIL = "noreply@example.org"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
        closed.bind(("127.0.0.1", 0))
        address = closed.getsockname()
    assert all("try again later" in each.words for each in doctor.sender_records("", address))
    settings.DEFAULT_FROM_EMAIL = "noreply@localhost"
    assert list(doctor.sender_records("", address)) == []
