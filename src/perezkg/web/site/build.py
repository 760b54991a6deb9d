"""A site from a graph: every page in every language, the files for machines, and what finds them.

The folder is complete or not there. The same data, day and version give the same bytes.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from json import dumps
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from perezkg import resources
from perezkg.errors import UsageError
from perezkg.output import DraftFolder
from perezkg.rdf import reading
from perezkg.sparql.catalogue import catalogue
from perezkg.sparql.html import stylesheet
from perezkg.things.description import Description
from perezkg.things.labels import Labels
from perezkg.things.sources import is_passage
from perezkg.vocabulary import SKOS, SPORT
from perezkg.web.site import answers, home
from perezkg.web.site import ask as sparql_page
from perezkg.web.site.addresses import address, is_link, is_term
from perezkg.web.site.asking import Asking, subject_of
from perezkg.web.site.pages import Pages, asset, unescaped
from perezkg.web.site.processes import side_by_side
from perezkg.web.site.redirects import htaccess, sitemap
from perezkg.web.site.statements import FILES, SchemaOrg, Statements
from perezkg.web.site.terms import Vocabulary
from perezkg.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from perezkg.graph import AskableGraph
    from perezkg.web.site.validity import Bar

MARK = "perezkg-site.json"
"""The file that tells a site of ours, which may be replaced, from other folders."""

_MANY = 10_000
"""The search of more things than this knows labels in its own language only, not to load twice as many."""

_ALSO_CALLED, _SAID_BY, _ENDED_BY = SKOS + "altLabel", SPORT + "saidBy", SPORT + "endedBy"


class Site:
    """A site while it is made.

    Args:
        graph: What it is about.
        folder: Where it is written.
        base_url: Where it will stand, with a slash at the end, or empty.
        date: The day for which it tells what is true.
        engine: The files of the engine of its SPARQL page; without them there is no such page.
    """

    def __init__(
        self, graph: AskableGraph, folder: DraftFolder, base_url: str, date: str, engine: Mapping[str, str]
    ) -> None:
        self.graph = graph
        self.folder = folder
        self.base_url = base_url
        self.date = date
        self.engine = engine
        self.labels = {lang: Labels(graph, lang) for lang in resources.LANGUAGES}
        self.subject = subject_of(graph.with_concepts)
        vocabulary = [
            quad
            for name in ("sport.ttl", "concepts.ttl")
            for quad in reading.parse(reading.read(resources.ontology_file(name)))
        ]
        self.statements = Statements([*graph.quads(), *vocabulary])
        self.schema_org = SchemaOrg(graph)
        self.queries = catalogue()
        for query in self.queries:
            query.parameters  # noqa: B018 - read once, before the work is divided
        self.vocabulary = Vocabulary(self.queries)
        self.addresses = {iri: address(iri) for iri in self.statements.things}

    def title(self, lang: str) -> str:
        """Return what the site is about: the person, or the names of the files."""
        if self.subject:
            return self.labels[lang].value(NamedNode(self.subject)).label
        names = [os.path.basename(name) for name in self.graph.names]
        return ", ".join(names[:3]) or "perezkg"

    def common(self) -> None:
        """Write what is the same in each language."""
        self.folder.write("style.css", [stylesheet(), asset("style.css")])
        self.folder.write("search.js", [asset("search.js")])
        for name, script in self.engine.items():
            self.folder.write(name, [script])
        if self.engine:
            self.folder.write("ask/data.js", sparql_page.data(self.graph.with_concepts))
        pages = self._pages("en")
        self.folder.write("index.html", pages.render("start.html", "index.html"))
        self.folder.write(MARK, [dumps({"generator": f"perezkg {resources.VERSION}", "date": self.date}) + "\n"])
        for iri, place in self.addresses.items():
            for extension, text in self.statements.files(iri):
                self.folder.write(f"data/{place}{extension}", text)
        if self.base_url:
            self.folder.write("sitemap.xml", sitemap(self.base_url, self.pages()))
            self.folder.write("w3id/.htaccess", htaccess(self.base_url, self.addresses))

    def _pages(self, lang: str) -> Pages:
        return Pages(lang, self.addresses, self.title(lang), self.base_url, self.date, asks=bool(self.engine))

    def pages(self) -> list[str]:
        """Return the paths of all pages within the tree of a language."""
        fixed = ["index", "true", "conflicts", "things", "search", "queries/index", "ontology/index"]
        fixed += ["ask"] if self.engine else []
        return [
            f"{page}.html"
            for page in (*fixed, *(f"queries/{query.name}" for query in self.queries), *self.addresses.values())
        ]

    def language(self, lang: str) -> None:
        """Write all pages of a language."""
        labels, w = self.labels[lang], words("site", lang)
        pages = self._pages(lang)
        ask = Asking(self.graph, self.queries, lang, self.date, self.subject)

        def write(page: str, template: str, **values: object) -> None:
            self.folder.write(f"{lang}/{page}", pages.render(template, page, **values))

        glance = home.life(ask, labels)
        write("index.html", "home.html", **glance)
        write("true.svg", "true.svg", **glance["picture"])
        judged = home.still_true(ask, labels)
        write("true.html", "true.html", **judged)
        write("conflicts.html", "conflicts.html", conflicts=home.conflicts(ask))
        answers.write(ask, labels, write, lambda name, text: self.folder.write(f"{lang}/{name}", text))
        groups = [(w.get(name, name), terms) for name, terms in self.vocabulary.groups(labels)]
        write("ontology/index.html", "ontology.html", groups=groups)
        write("search.html", "search.html")
        named = self._things(lang, labels, write, {bar.iri: bar for _, bars, _ in judged["groups"] for bar in bars})
        if self.engine:
            write("ask.html", "ask.html")
            self.folder.write(f"{lang}/questions.js", sparql_page.questions(ask, named))

    def _things(
        self, lang: str, labels: Labels, write: Callable[..., None], bars: Mapping[str, Bar]
    ) -> dict[str, tuple[str, str]]:
        """Write a page a thing, the list of all of them, and what the search looks through; return label and page."""
        named: dict[str, tuple[str, str]] = {}
        listed: dict[str, list[tuple[str, str]]] = {}
        found: list[tuple[str, str, str]] = []
        for iri, place in self.addresses.items():
            it = Description(labels, NamedNode(iri))
            term = is_term(iri)
            write(
                f"{place}.html",
                "thing.html",
                it=it,
                bar=bars.get(iri),
                term=term,
                files=[(f"data/{place}{extension}", kind) for extension, kind in FILES],
                roles=_roles(it),
                passage=it.is_source and is_passage(labels, NamedNode(iri)),
                schema=unescaped(self.schema_org.document(iri)),
                rules=self.vocabulary.rules(iri, lang) if term else [],
                asked=self.vocabulary.queries(iri) if term else [],
            )
            named[iri] = (it.label, f"{place}.html")
            kind = it.classes[0].label if it.classes else ""
            if not term:
                listed.setdefault(kind, []).append((f"{place}.html", it.label))
            names = {label.value for label in it.labels} if len(self.addresses) <= _MANY else set()
            names |= {name.value for name in labels.objects(NamedNode(iri), _ALSO_CALLED) if isinstance(name, Literal)}
            found.append((it.label, f"{place}.html", kind))
            found += [(name, f"{place}.html", f"{it.label} · {kind}") for name in sorted(names - {it.label})]
        w = words("site", lang)
        groups = [
            (kind or w["without class"], sorted(entries, key=lambda entry: (entry[1].casefold(), entry[0])))
            for kind, entries in sorted(listed.items(), key=lambda item: (not item[0], item[0].casefold()))
        ]
        write("things.html", "list.html", heading=w["things"], intro="", groups=groups)
        self.folder.write(
            f"{lang}/labels.js", ["const perezkgLabels = ", dumps(sorted(found), ensure_ascii=False), ";\n"]
        )
        return named


def _roles(it: Description) -> dict[str, str]:
    """Return the word for what each source of a claim tells: that it is so, or, where it has ended, what ended it."""
    told = {group.iri: {value.iri for value in group.values} for group in it.outgoing}
    said_by = told.get(_SAID_BY, set())
    cited = {source.iri for source in (*it.sources, *(passage.source for passage in it.passages)) if source}
    if not said_by & cited:
        return {}
    ended = _ENDED_BY in told
    return {iri: "stated" if iri in said_by else "outcome" for iri in cited if ended or iri in said_by}


def build(
    graph: AskableGraph,
    directory: str | os.PathLike[str],
    *,
    base_url: str = "",
    date: str = "",
    engine: Mapping[str, str] | None = None,
) -> int:
    """Make a site of a graph.

    Args:
        graph: What it is about; of an index, the sources are read again for their words.
        directory: The folder; a site of ours that is there already is replaced when the new one is complete.
        base_url: Where the site will stand (https://…): adds a sitemap, canonical links and redirections.
        date: The day for which it tells what is true, as 2008-08-16; empty means today.
        engine: What `perezkg.web.site.ask.engine` returns: adds a page on which a reader asks SPARQL.

    Returns:
        How many pages each language has.

    Raises:
        OutputError: The folder cannot be written, or is something else.
        SourceChangedError: The sources are not those that an index was built from.
        UsageError: The address is none of the web, or the date is none.
    """
    if base_url and not is_link(base_url):
        raise UsageError(f"{base_url!r} is not an address of the web", hint="Give it whole: https://example.org/perez/")
    date = _day(date)
    folder = DraftFolder(os.fspath(directory), MARK)
    try:
        site = Site(graph, folder, base_url and base_url.rstrip("/") + "/", date, engine or {})
        side_by_side([site.common, *(lambda lang=lang: site.language(lang) for lang in resources.LANGUAGES)])
        folder.publish()
    except BaseException:  # Ctrl-C as well
        folder.discard()
        raise
    return len(site.pages())


def _day(date: str) -> str:
    if not date:
        return datetime.now(UTC).date().isoformat()
    try:
        return datetime.strptime(date, "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        raise UsageError(f"{date!r} is not a day", hint="Give it as 2008-08-16.") from None
