"""What looks like a secret, and what only has a telling name."""

from __future__ import annotations

import pytest

from stackspec.literals import suspicious

RANDOM = "q8Zr4Lw0Vt6Yb2Nd"  # made up


@pytest.mark.parametrize(
    "key",
    [
        "secret_key", "SECRET_KEY", "secret-key", "secretKey", "DJANGO_SECRET_KEY", "encryption_key", "N8N_ENCRYPTION_KEY",
        "encryptionKey", "signing_key", "signing-key", "signingKey", "pass", "DB_PASS", "dbPass", "smtp-pass", "passphrase",
        "apiKey", "HF_TOKEN", "clientSecret",
    ],
)  # fmt: skip
def test_telling_names(key: str) -> None:
    assert suspicious(key, RANDOM) == f"stands under `{key}`"


@pytest.mark.parametrize("prefix", ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_", "ghu_", "xapp-", "lsv2_"])
def test_prefixes(prefix: str) -> None:
    assert suspicious("note", prefix + RANDOM)


@pytest.mark.parametrize("prefix", ["sk_live_", "sk_test_", "rk_live_"])
def test_inside(prefix: str) -> None:
    assert suspicious("note", f"--with={prefix}{RANDOM}")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("TOKENIZERS_PARALLELISM", "false12345"),
        ("max_tokens", "1024abcdefg"),
        ("chunk_tokens", "512abcdefg"),
        ("key", "HF_TOKEN"),
        ("token", "TEAM_2_HF_TOKEN"),
        ("session_header", "x-session-id-2"),
        ("bypass", RANDOM),
        ("compass", RANDOM),
        ("keyboard", RANDOM),
        ("model", "org/name@" + "0123456789abcdef" * 2 + "01234567"),
        ("image", "registry.example/org/name@sha256:" + "0123456789abcdef" * 4),
        ("secret_key", "changeme"),
        ("pass", "{secret: name}"),
    ],
)
def test_no_false_alarm(key: str, value: str) -> None:
    assert suspicious(key, value) is None


@pytest.mark.parametrize(
    ("key", "value"), [("DB_PASSWORD", "correcthorsebattery"), ("dbPassword", "opensesame"), ("DBPASS", "swordfish")]
)
def test_a_password_needs_no_digits(key: str, value: str) -> None:
    assert suspicious(key, value) == f"stands under `{key}`"


PLACEHOLDERS = [
    ("DB_PASSWORD", "changeme"), ("DB_PASSWORD", "DB_PASSWORD_VALUE"), ("bypass", "always-on"), ("PASSWORD", "$PW_HERE"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), PLACEHOLDERS)
def test_what_only_stands_for_a_password_is_none(key: str, value: str) -> None:
    assert suspicious(key, value) is None
