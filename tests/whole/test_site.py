"""The documentation as a site: it opens from a file, every link leads somewhere, and nothing is fetched."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from tools import site

OUTSIDE = {"https://age-encryption.org"}
"""The only addresses that a page may lead to outside of the site; a reader clicks them, nothing loads them."""


class Links(HTMLParser):
    """What a page loads, where it leads, and where one can be led within it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loaded, self.led, self.anchors = set[str](), set[str](), set[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given["id"]} if "id" in given else set()
        self.loaded |= {given[name] for name in ("src", "srcset") if name in given}
        if "href" in given:
            (self.loaded if tag == "link" else self.led).add(unquote(given["href"]))
        assert tag != "script"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    site.Site().write(folder)
    return folder


@pytest.fixture(scope="module")
def links(written: Path) -> dict[Path, Links]:
    return {path: Links(path.read_text("utf-8")) for path in sorted(written.rglob("*.html"))}


def test_every_topic_and_every_page_of_the_index_is_there(written: Path) -> None:
    assert len({(page.language, page.name) for page in site.list_pages()}) == len(site.list_pages())
    assert all((written / page.language / page.name).is_file() for page in site.list_pages())


def test_every_link_leads_to_a_page_and_a_heading_that_are_there(links: dict[Path, Links]) -> None:
    wrong = []
    for path, found in links.items():
        for link in found.led - OUTSIDE:
            name, _, anchor = link.partition("#")
            other = (path.parent / name).resolve() if name else path
            if other not in links or (anchor and anchor not in links[other].anchors):
                wrong.append(f"{path.name}: {link}")
    assert not wrong


def test_nothing_is_loaded_but_files_beside_the_pages(links: dict[Path, Links], written: Path) -> None:
    for path, found in links.items():
        assert all((path.parent / name).is_file() for name in found.loaded)
    assert not re.search(r"url\(|@import", (written / "style.css").read_text("utf-8"))


def test_a_page_can_be_reached_in_the_other_language(links: dict[Path, Links], written: Path) -> None:
    assert "../ru/backup.html" in links[written / "en" / "backup.html"].led
    assert "../en/index.html" in links[written / "ru" / "index.html"].led


def test_a_topic_that_a_page_names_is_a_link(written: Path) -> None:
    assert re.search(
        r'<a href="backup\.html"><code>shelterctl help backup</code></a>',
        (written / "en" / "start.html").read_text("utf-8"),
    )


def test_what_a_page_says_cannot_become_markup(written: Path) -> None:
    page = (written / "en" / "scripting.html").read_text("utf-8")
    assert "&lt;evidence.json" in page
