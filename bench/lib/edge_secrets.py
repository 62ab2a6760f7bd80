"""A certificate, and tokens of many people, made by openssl for one measurement."""

import base64
import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

CURVE = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
COORDINATE = 32
KEY_ID = "1"


@dataclass
class Certificate:
    chain: Path
    key: Path


@dataclass
class Tokens:
    """A file with a token on each line, and the key that verifies them in two forms."""

    file: Path
    public_key: Path
    key_set: Path


def certificate(folder):
    made = Certificate(folder / "certificate.pem", folder / "certificate.key")
    _openssl("genpkey", *CURVE, "-out", made.key)
    _openssl("req", "-x509", "-new", "-key", made.key, "-subj", "/CN=localhost", "-days", "2", "-out", made.chain)
    return made


def tokens(folder, people):
    key, made = folder / "tokens.key", Tokens(folder / "tokens", folder / "tokens.pub", folder / "jwks.json")
    _openssl("genpkey", *CURVE, "-out", key)
    _openssl("pkey", "-in", key, "-pubout", "-out", made.public_key)
    point = _openssl("pkey", "-in", key, "-pubout", "-outform", "DER")[-2 * COORDINATE :]
    halves = {"x": _url(point[:COORDINATE]), "y": _url(point[COORDINATE:])}
    public = {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": KEY_ID, **halves}
    made.key_set.write_text(json.dumps({"keys": [public]}))
    lines = (_token(key, f"person-{number}") for number in range(people))
    made.file.write_text("".join(line + "\n" for line in lines))
    return made


def _token(key, subject):
    now = int(time.time())
    header = {"alg": "ES256", "typ": "JWT", "kid": KEY_ID}
    claims = {"iss": "https://issuer.example", "aud": "application", "sub": subject, "iat": now, "exp": now + 24 * 3600}
    signed = ".".join(_url(json.dumps(part).encode()) for part in (header, claims))
    signature = _openssl("dgst", "-sha256", "-sign", key, input=signed.encode())
    return f"{signed}.{_url(_plain(signature))}"


def _plain(der):
    """The two numbers of a signature without their wrapping (RFC 7518, 3.4)."""
    place, numbers = 2, b""
    for _ in range(2):
        length = der[place + 1]
        number = der[place + 2 : place + 2 + length]
        numbers += number.lstrip(b"\0").rjust(COORDINATE, b"\0")
        place += 2 + length
    return numbers


def _url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _openssl(*arguments, input=None):
    command = ["openssl", *map(str, arguments)]
    return subprocess.run(command, input=input, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
