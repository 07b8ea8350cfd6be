"""The month archive (clause R13): files with their checksums in one encrypted file, and the proof that it is whole.

The format is plain: a ZIP, encrypted by age (age-encryption.org). Whoever has the key opens it without mailflow:
`age --decrypt -i archive.key FILE > month.zip`.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from email.parser import BytesHeaderParser

import pyrage
from openpyxl import load_workbook

MANIFEST = "manifest.json"


class BrokenArchive(Exception):
    """The archive can't be opened with this key, or isn't what was written: the message says which."""


@dataclass(frozen=True)
class Opened:
    """A whole archive: what its manifest says of it, and its files."""

    facts: Mapping[str, object]
    files: Mapping[str, bytes]


def new_key() -> tuple[str, str]:
    """A new key: the secret identity to keep, and the recipient to encrypt to."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipient_of(identity: str) -> str:
    """The recipient that an identity opens; ValueError when it is none."""
    return str(_identity(identity).to_public())


def is_recipient(text: str) -> bool:
    """Whether this is a recipient that can be encrypted to."""
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True


def seal(files: Mapping[str, bytes], facts: Mapping[str, object], recipient: str) -> bytes:
    """The files with a manifest of their checksums, packed and encrypted."""
    listed = [
        {"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for path, content in files.items()
    ]
    manifest = json.dumps({**facts, "files": listed}, ensure_ascii=False, indent=1).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in {MANIFEST: manifest, **files}.items():
            archive.writestr(path, content)
    return bytes(pyrage.encrypt(packed.getvalue(), [pyrage.x25519.Recipient.from_str(recipient)]))


def unseal(sealed: bytes, identity: str) -> Opened:
    """The archive, proved whole and readable: every file is there with its checksum, every mail and workbook opens."""
    try:
        packed = bytes(pyrage.decrypt(sealed, [_identity(identity)]))
    except pyrage.DecryptError as fault:
        raise BrokenArchive(f"it can't be decrypted: {fault}; it is damaged, or made for another key") from None
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        facts = json.loads(files.pop(MANIFEST))
        listed = {str(entry["path"]): str(entry["sha256"]) for entry in facts.pop("files")}
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as fault:
        raise BrokenArchive(f"it has no sound manifest: {fault}") from None
    if files.keys() != listed.keys():
        differing = ", ".join(sorted(files.keys() ^ listed.keys()))
        raise BrokenArchive(f"its files are not those of its manifest: {differing}")
    for path, content in files.items():
        if hashlib.sha256(content).hexdigest() != listed[path]:
            raise BrokenArchive(f"{path} is not what was written")
        _readable(path, content)
    return Opened(facts, files)


def _readable(path: str, content: bytes) -> None:
    """Whether a file can be read as what it is."""
    try:
        if path.endswith(".eml"):
            assert BytesHeaderParser().parsebytes(content).keys()
        elif path.endswith(".json"):
            json.loads(content)
        elif path.endswith(".xlsx"):
            load_workbook(io.BytesIO(content), read_only=True).close()
        elif path.endswith(".pdf"):
            assert content.startswith(b"%PDF")
    except (AssertionError, ValueError, KeyError, zipfile.BadZipFile) as fault:
        raise BrokenArchive(f"{path} can't be read: {fault}") from None


def _identity(text: str) -> pyrage.x25519.Identity:
    lines = [line for line in text.splitlines() if line.startswith("AGE-SECRET-KEY-")]
    try:
        return pyrage.x25519.Identity.from_str(lines[0])
    except (IndexError, pyrage.IdentityError):
        raise ValueError("no age identity (AGE-SECRET-KEY-…)") from None
