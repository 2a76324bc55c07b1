"""The documentation as a site that opens from a file, without a network: ``make docs`` writes it to dist/site.

    python -m tools.site [FOLDER]

The pages are those that ``docs/README.md`` lists and the files that contributors read, in English and Russian. Each
link is relative, and nothing is fetched.
"""

import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from shelterctl import __version__
from shelterctl.explain import topic
from shelterctl.ui_language import SCREEN_LANGUAGES

PROJECT = Path(__file__).parents[1]
LOOKS = PROJECT / "docs" / "site"
FOLDER = PROJECT / "dist" / "site"

LANGUAGE_NAMES = {"en": "English", "ru": "По-русски"}

READERS = {
    "staff": {"en": "Shelter staff", "ru": "Сотрудницам приюта"},
    "officer": {"en": "Data officers", "ru": "Ответственным за данные"},
    "installer": {"en": "Installing", "ru": "Установка"},
    "contributor": {"en": "Contributors", "ru": "Тем, кто меняет программу"},
}

WORDS = {
    "en": {"skip": "Skip to the text", "language": "Language", "pages": "All pages", "turn": "Next page"},
    "ru": {"skip": "К тексту", "language": "Язык", "pages": "Все страницы", "turn": "Дальше"},
}

HOMES = {"en": "README.md", "ru": "README.ru.md"}
ENGLISH_PAGES = {
    "installer": ("docs/windows-checklist.md", "SECURITY.md"),
    "contributor": ("CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md"),
}
"""Pages beside the topics, under their readers. They are in English, and the Russian menu leads to them too."""

HELP_COMMAND = re.compile(r"shelterctl help ([\w-]+)")


@dataclass(frozen=True)
class SitePage:
    """One page: its Markdown *source* from the top of the project, its *language*, its *reader* (None: a home page)."""

    source: str
    language: str
    reader: str | None

    @property
    def name(self) -> str:
        """The file of the page within the folder of its language, such as ``start.html``."""
        stem = PurePosixPath(self.source).stem
        return "index.html" if self.is_home else f"{'security-policy' if stem == 'SECURITY' else stem.lower()}.html"

    @property
    def is_home(self) -> bool:
        """Whether it is the first page of its language."""
        return self.reader is None

    @property
    def text(self) -> str:
        """The Markdown of the page."""
        return (PROJECT / self.source).read_text("utf-8")

    @property
    def title(self) -> str:
        """The first heading, without the sentence that follows its colon."""
        return self.text.partition("\n")[0].lstrip("# ").partition(":")[0]


def list_pages() -> list[SitePage]:
    """Return every page of the site, in the order in which its readers meet them."""
    pages = [SitePage(source, language, None) for language, source in HOMES.items()]
    for language in SCREEN_LANGUAGES:
        for reader, topics in topic.TOPICS_BY_READER.items():
            pages += [SitePage(f"docs/topics/{language}/{name}.md", language, reader) for name in topics]
            if language == "en":
                pages += [SitePage(source, language, reader) for source in ENGLISH_PAGES.get(reader, ())]
    return pages


class Site:
    """The pages, and how each is written with its links."""

    def __init__(self) -> None:
        self.pages = list_pages()
        self.by_source = {page.source: page for page in self.pages}
        self.images: set[str] = set()
        self._markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
        looks = FileSystemLoader(LOOKS)
        self._template = Environment(
            loader=looks, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        ).get_template("page.html")

    def write(self, folder: Path) -> None:
        """Write the site into *folder*, in the place of an older one."""
        shutil.rmtree(folder, ignore_errors=True)
        for page in self.pages:
            file = folder / page.language / page.name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.render(page), "utf-8")
        for image in sorted(self.images):
            shutil.copy(PROJECT / image, folder / PurePosixPath(image).name)
        shutil.copy(LOOKS / "style.css", folder)
        links = "".join(
            f'<p><a href="{each}/index.html" lang="{each}">{name}</a></p>' for each, name in LANGUAGE_NAMES.items()
        )
        (folder / "index.html").write_text(
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>shelterctl</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<link rel="stylesheet" href="style.css"></head><body><main class="first"><h1>shelterctl</h1>'
            "<p>How to use it, install it and change it. Как пользоваться, установить и изменить.</p>"
            f"{links}"
            "</main></body></html>\n",
            "utf-8",
        )

    def render(self, page: SitePage) -> str:
        """Return a page as HTML."""
        menu = [
            (
                READERS[reader][page.language],
                [(each.title, self._link(page, each)) for each in self._pages_for(page, reader)],
            )
            for reader in READERS
        ]
        row = [each for reader in READERS for each in self._pages_for(page, reader) if each.language == page.language]
        at = row.index(page) if page in row else -1
        near = [row[at - 1] if at > 0 else None, row[at + 1] if at + 1 < len(row) else None]
        before, after = [(each.title, self._link(page, each)) if each else None for each in near]
        return self._template.render(
            page=page,
            root="../",
            home="index.html",
            body=Markup(self._body(page)),  # noqa: S704 - markdown-it escapes what pages hold
            menu=menu,
            before=before,
            after=after,
            languages=[
                (language, self._link(page, self._translation(page, language))) for language in SCREEN_LANGUAGES
            ],
            language_names=LANGUAGE_NAMES,
            words=WORDS[page.language],
            version=__version__,
        )

    def _pages_for(self, page: SitePage, reader: str) -> list[SitePage]:
        return [
            each
            for each in self.pages
            if each.reader == reader and (each.language == page.language or not each.source.startswith("docs/topics"))
        ]

    def _translation(self, page: SitePage, language: str) -> SitePage:
        """Return the page with the same text in *language*, else the first page of that language."""
        other = page.source.replace(f"/{page.language}/", f"/{language}/")
        return self.by_source[HOMES[language] if page.is_home or other not in self.by_source else other]

    @staticmethod
    def _link(page: SitePage, other: SitePage) -> str:
        return other.name if page.language == other.language else f"../{other.language}/{other.name}"

    def _body(self, page: SitePage) -> str:
        tokens = self._markdown.parse(page.text)
        used: dict[str, int] = {}
        for token, inside in pairwise(tokens):
            if token.type == "heading_open":
                slug = re.sub(r"[^\w]+", "-", inside.content.lower()).strip("-")
                used[slug] = used.get(slug, 0) + 1
                token.attrSet("id", slug if used[slug] == 1 else f"{slug}-{used[slug]}")
        for token in tokens:
            if token.children:
                token.children = list(self._lead(page, token.children))
        return str(self._markdown.renderer.render(tokens, self._markdown.options, {}))

    def _lead(self, page: SitePage, tokens: Sequence[Token]) -> Iterator[Token]:
        """Yield the tokens of a line with links that lead within the site; a link to another file is plain text."""
        plain = 0
        for token in tokens:
            if token.type == "link_open":
                link = self._target(page, str(token.attrGet("href")))
                plain = 0 if link else 1
                if link:
                    token.attrSet("href", link)
            if token.type == "image":
                image = self._project_path(page, str(token.attrGet("src")))
                self.images.add(image)
                token.attrSet("src", f"../{PurePosixPath(image).name}")
            if not (plain and token.type in ("link_open", "link_close")):
                yield from self._topic_link(page, token) if token.type == "code_inline" else (token,)
            if token.type == "link_close":
                plain = 0

    def _topic_link(self, page: SitePage, token: Token) -> Iterator[Token]:
        """Yield ``shelterctl help TOPIC`` as a link to the page of the topic."""
        found = HELP_COMMAND.fullmatch(token.content)
        name = topic.find_topic([found[1]]) if found else None
        other = self.by_source.get(f"docs/topics/{page.language}/{name}.md")
        if other is None or other == page:
            yield token
            return
        html: Any = Token("html_inline", "", 0)
        html.content = f'<a href="{self._link(page, other)}"><code>{escape(token.content)}</code></a>'
        yield html

    def _target(self, page: SitePage, href: str) -> str | None:
        """Return where a link of a page leads in the site; None where its file is not part of it."""
        path, _, anchor = href.partition("#")
        if "://" in href or not path:
            return href
        other = self.by_source.get(self._project_path(page, path))
        if self._project_path(page, path) == "docs/README.md":
            return "#pages"
        return self._link(page, other) + (f"#{anchor}" if anchor else "") if other else None

    @staticmethod
    def _project_path(page: SitePage, link: str) -> str:
        """Return the path of a linked file from the top of the project."""
        return ((PROJECT / page.source).parent / link).resolve().relative_to(PROJECT.resolve()).as_posix()


def main() -> int:
    """Write the site, and say where."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    Site().write(folder)
    sys.stdout.write(f"{folder / 'index.html'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
