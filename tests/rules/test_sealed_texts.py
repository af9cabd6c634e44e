"""What is encrypted in letters is seen wherever it stands; what cannot be told is not called readable."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.seal import Seal
from rules.sealed_messages import seal_by_sign
from rules.sealed_texts import LOOKED_AT
from tests.rules.test_file_look import MADE, looked

PGP = (MADE / "password.asc").read_bytes()
AGE = (MADE / "armoured.age").read_bytes()
NOISE = b"".join(sha256(bytes([each])).digest() for each in range(20))
HEADER = urlsafe_b64encode(b'{"alg":"RSA-OAEP","enc":"A256GCM"}').rstrip(b"=")
SIGNED = urlsafe_b64encode(b'{"alg":"RS256","typ":"JWT"}').rstrip(b"=")
LETTERS = urlsafe_b64encode(NOISE).rstrip(b"=")
SOPS = b'{"password": "ENC[AES256_GCM,data:4Zq0,iv:mL8w=,tag:x1=,type:str]", "sops": {}}'


def openssh(cipher: bytes) -> bytes:
    key = b"openssh-key-v1\0" + len(cipher).to_bytes(4, "big") + cipher + NOISE
    return armoured(b"OPENSSH PRIVATE KEY", b64encode(key))


def armoured(name: bytes, letters: bytes) -> bytes:
    lines = [letters[at : at + 70] for at in range(0, len(letters), 70)]
    return b"\n".join((b"-----BEGIN %s-----" % name, *lines, b"-----END %s-----\n" % name))


@pytest.mark.parametrize(
    "around",
    [
        lambda text: b"Dear Joe,\n\nhere it is.\n\n" + text,
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: b"\n\n  " + text,
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: b"\xef\xbb\xbfHello\r\n\r\n" + text.replace(b"\n", b"\r\n"),
        lambda text: ("\ufeff" + text.decode()).encode("utf-16-le"),
        lambda text: openssh(b"none") + text,
    ],
    ids=["greeting", "mark", "blank", "windows", "both", "wide", "second"],
)
@pytest.mark.parametrize(
    ("text", "seal"), [(PGP, Seal.openpgp), (AGE, Seal.age)], ids=["openpgp", "age"]
)
def test_armour_is_seen_whatever_stands_above_it(
    around: Callable[[bytes], bytes], text: bytes, seal: Seal
) -> None:
    assert looked(around(text)).seal is seal


@pytest.mark.parametrize(
    ("text", "seal"),
    [
        (b"$ANSIBLE_VAULT;1.1;AES256\n33633837\n", Seal.vault),
        (b"key: !vault |\n  $ANSIBLE_VAULT;1.2;AES256;prod\n  33633837\n", Seal.vault),
        (armoured(b"ENCRYPTED PRIVATE KEY", b64encode(NOISE)), Seal.key),
        (
            b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: A\n\nab==\n",
            Seal.key,
        ),
        (openssh(b"aes256-ctr"), Seal.key),
        (b"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: aes256-cbc\n", Seal.key),
        (SOPS, Seal.values),
        (b"db:\n  password: ENC[AES256_GCM,data:4Zq0,iv:m=]\n", Seal.values),
        (b".".join((HEADER, LETTERS, LETTERS[:16], LETTERS, LETTERS[:22])), Seal.jwe),
        (b'{"protected": "ey", "iv": "48V1", "ciphertext": "KDl", "tag": "XFB"}', Seal.jwe),
        (b"gAAAAABm" + LETTERS + b"==\n", Seal.fernet),
        (b64encode((MADE / "password.gpg").read_bytes()), Seal.openpgp),
        (b"Hello,\n\n" + b64encode((MADE / "key.gpg").read_bytes()), Seal.openpgp),
        (b64encode((MADE / "der.p7m").read_bytes()), Seal.cms),
        (b64encode(b"age-encryption.org/v1\n" + NOISE), Seal.age),
        (b64encode(b"Salted__" + NOISE), Seal.openssl),
    ],
)
def test_what_is_encrypted_in_letters_says_so(text: bytes, seal: Seal) -> None:
    assert looked(text).seal is seal
    assert looked(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n")).seal is seal


@pytest.mark.parametrize(
    "text",
    [
        b64encode(NOISE),
        NOISE.hex().encode(),
        b"Hello,\n\n" + b64encode(NOISE),
        armoured(b"PGP MESSAGE", b"nothing that can be read"),
        openssh(b"none"),
    ],
    ids=["base64", "hex", "below a greeting", "broken", "key"],
)
def test_what_may_be_anything_is_not_called_readable(text: bytes) -> None:
    assert looked(text).seal is Seal.unknown


@pytest.mark.parametrize(
    "text",
    [
        b"dish,price\nsoup,4\n",
        "Grüße aus Köln,\n\nalles gut.\n".encode(),
        "菜单和价格都在这里，请看附件。".encode() * 9,
        b"We write -----BEGIN PGP MESSAGE----- above what we send.\n",
        b"The first line is $ANSIBLE_VAULT;1.1;AES256.\n",
        b"Dear Joe,\n\nthe token is %s.%s.%s, for a minute. " % (SIGNED, SIGNED, SIGNED)
        + b"Yours, " * 99,
        b'{"dish": "soup", "price": 4}',
        b"file,sha256\n"
        + b"a long name of a file, and what it is about and is for, %s\n"
        % NOISE[:9].hex().encode()
        * 9,
    ],
)
def test_words_and_sheets_are_readable(text: bytes) -> None:
    assert looked(text).seal is Seal.open


# What takes long takes minutes, and the limit of each test ends it: a busy machine is no fault.
@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                b"-----BEGIN PGP MESSAGE-----\n",
                b"-----BEGIN ",
                b"\n\n",
                b" " * 40,
                b"eyJ",
                b'"ciphertext":',
                b"ENC[",
                LETTERS,
                b"PuTTY-User-Key-File-2:",
                b"$ANSIBLE_VAULT;1.1;",
            ]
        ),
        min_size=1,
        max_size=4,
    )
)
def test_no_text_however_often_it_says_so_takes_long(parts: list[bytes]) -> None:
    whole = b"".join(parts)
    seal_by_sign(whole * (LOOKED_AT // len(whole)))
