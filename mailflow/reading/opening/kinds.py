"""Which kinds of files there are, by their endings, and the library's name for each kind of document."""

from __future__ import annotations

PLAIN = frozenset({".txt", ".md", ".csv", ".log"})
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".heic", ".tif", ".tiff"})
WORD_97 = "application/msword"
_OFFICE = "application/vnd.openxmlformats-officedocument."
# WPS writes the formats of Office 97 under its own endings. A .zip and an .eml hold other files.
DOCUMENTS = {
    ".docx": _OFFICE + "wordprocessingml.document",
    ".xlsx": _OFFICE + "spreadsheetml.sheet",
    ".pptx": _OFFICE + "presentationml.presentation",
    ".doc": WORD_97,
    ".wps": WORD_97,
    ".xls": "application/vnd.ms-excel",
    ".et": "application/vnd.ms-excel",
    ".pdf": "application/pdf",
    ".rtf": "application/rtf",
    ".html": "text/html",
    ".htm": "text/html",
    ".eml": "message/rfc822",
    ".zip": "application/zip",
}
