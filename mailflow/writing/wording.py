"""Wording: a notice and its templates → subject, text and HTML. A missing variable is an error, not an empty word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import css_inline
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, select_autoescape

from mailflow.writing.notice import Notice
from mailflow.writing.phrases import Phrases


@dataclass(frozen=True)
class Worded:
    """A letter in words: three renderings of one notice."""

    subject: str
    text: str
    html: str


class Wording:
    """The office's templates. The first folder that has a file wins, so that an office replaces single files."""

    def __init__(self, folders: Sequence[Path], zone: ZoneInfo) -> None:
        self._folders = tuple(folders)
        self._zone = zone
        self._environments: dict[str, Environment] = {}

    def _environment(self, language: str) -> Environment:
        if language not in self._environments:
            environment = Environment(
                loader=ChoiceLoader([FileSystemLoader(str(folder)) for folder in self._folders]),
                undefined=StrictUndefined,
                autoescape=select_autoescape(enabled_extensions=("html.j2", "html"), default=False),
                trim_blocks=True,
                lstrip_blocks=False,
                keep_trailing_newline=False,
            )
            environment.filters.update(Phrases(language, self._zone).filters())
            self._environments[language] = environment
        return self._environments[language]

    def file(self, name: str) -> Path:
        """A file beside the templates, the office's own before the shipped one."""
        return next(path for folder in self._folders if (path := folder / name).exists())

    def word(self, notice: Notice, language: str) -> Worded:
        """The notice in this language. jinja2's errors pass: a broken template is a fault that somebody must mend."""
        environment = self._environment(language)
        known = {f.name: getattr(notice, f.name) for f in fields(notice)}
        known |= {"language": language}

        def render(name: str, **more: str) -> str:
            return environment.get_template(f"{language}/{notice.template or notice.kind}/{name}.j2").render(
                **known, **more
            )

        subject = re.sub(r"\s+", " ", render("subject.txt")).strip()
        text = re.sub(r"\n{3,}", "\n\n", self._with_taken(render("body.txt"), environment, known)).strip() + "\n"
        return Worded(subject, text, _inlined(render("body.html", subject=subject)))

    @staticmethod
    def _with_taken(text: str, environment: Environment, known: dict[str, object]) -> str:
        """The text with what mail in INBOX decided, above its foot; in HTML the frame of all letters has it."""
        if not known["from_inbox"]:
            return text
        body, foot, rest = text.rpartition("\n-- \n")
        return body + "\n\n" + environment.get_template("_base/taken.txt.j2").render(**known) + foot + rest


@lru_cache(maxsize=256)
def _inlined(html: str) -> str:
    """The HTML with its styles at the elements: many mail programs drop style sheets."""
    inlined: str = css_inline.CSSInliner(load_remote_stylesheets=False).inline(html)
    return inlined
