"""What is answered in a process of its own: one method a kind of job, over a graph that nobody changes."""

from __future__ import annotations

import re
from functools import cached_property
from json import dumps
from typing import TYPE_CHECKING

from perezkg.errors import LimitReachedError, UnknownParameterError, UnknownQueryError, UsageError, nearest
from perezkg.graph import KnowledgeGraph
from perezkg.rdf.formats import SYNTAXES
from perezkg.sparql.catalogue import CannedQuery, catalogue, names
from perezkg.sparql.formats import FORMATS
from perezkg.web.serve import description, openapi
from perezkg.web.serve.formats import (
    GRAPH_TYPES,
    body_of,
    chosen,
    not_acceptable,
    pieces,
    sent,
    types_of,
)
from perezkg.web.serve.messages import ASK_AGAIN, FOR_A_WHILE, JSON, NEVER, Job, Reply
from perezkg.web.serve.negotiation import media_type
from perezkg.web.serve.problems import of_error, problem
from perezkg.web.serve.things import Things

if TYPE_CHECKING:
    from perezkg.graph import AskableGraph
    from perezkg.sparql.parameters import Parameter
    from perezkg.sparql.results import Result

# What has another answer each time that it is asked.
_MOMENT = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE|SERVICE)\b", re.IGNORECASE)
_EXTENSIONS = {name: SYNTAXES[name].extensions[0] for name in GRAPH_TYPES.values()}


class _Sparql(CannedQuery):
    """A query of the protocol, to which `?_name` is a variable as any other."""

    @property
    def parameters(self) -> dict[str, Parameter]:
        """None."""
        return {}


class Answers:
    """Answers jobs.

    Args:
        graph: What is asked. The process that is copied loads it once; an index is opened by each copy for itself.
        allow_service: Whether SPARQL may ask other stores.
        most: The longest answer, in bytes.
    """

    def __init__(self, graph: AskableGraph, *, allow_service: bool, most: int) -> None:
        self.graph = graph
        self._allow_service = allow_service
        self._most = most
        self._queries = {query.name: query for query in catalogue()}
        for query in self._queries.values():
            query.parameters  # noqa: B018 - read before the process is copied

    def prepare(self) -> None:
        """Do what each copy of this process would else do for itself.

        An index is opened by each copy: it has threads of its own, which a copy would lack.
        """
        if isinstance(self.graph, KnowledgeGraph):
            self.graph.asked  # noqa: B018 - makes the stores
            self.things.iri("")
            asked: dict[str, dict[str, object]] = {
                "void": {},
                "service": {},
                "openapi": {},
                "query": {"name": "medals", "given": []},
            }
            for kind, values in asked.items():
                self(Job(kind, values, "http://localhost/", "", "en", gzip=True, day="2000-01-01"))

    @cached_property
    def things(self) -> Things:
        """The things of which something is said."""
        return Things(self.graph)

    def __call__(self, job: Job) -> Reply:
        """Answer a job; whatever goes wrong becomes a reply that says so."""
        try:
            reply: Reply = getattr(self, job.kind)(job, **job.values)
        except MemoryError:
            reply = of_error(LimitReachedError("the query needed more memory than this server allows"), job.lang)
        except Exception as error:  # noqa: BLE001 - no traceback reaches a client; the log has it
            reply = of_error(error, job.lang)
        return reply

    def sparql(self, job: Job, text: str, graphs: tuple[list[str], list[str]] | None) -> Reply:
        """Answer a query of the SPARQL Protocol.

        Args:
            job: The job.
            text: The query.
            graphs: The graphs that the protocol names, for the default graph and for GRAPH; None leaves it to FROM.
        """
        query = _Sparql(text, base=f"{job.base}sparql")
        answer = self.graph.run(
            query,
            {},
            allow_service=self._allow_service,
            spool=True,
            own_graphs=True,
            graphs=graphs,
        )
        return self._sent(job, answer, NEVER if _MOMENT.search(query.sparql) else FOR_A_WHILE)

    def query(self, job: Job, name: str, given: list[tuple[str, str]], extension: str = "") -> Reply:
        """Answer a canned query.

        Args:
            job: The job.
            name: Its name.
            given: Values for its parameters.
            extension: `.csv` and so on, in place of what the header Accept asks for.
        """
        query = self._queries.get(name)
        if query is None:
            raise UnknownQueryError(f"there is no query {name!r}", hint=nearest(name, names()))
        values: dict[str, object] = {}
        for key, value in given:
            if key in values:
                raise UsageError(f"parameter {key} is given twice")
            if key not in query.parameters:
                known = ", ".join(query.parameters) or "none"
                raise UnknownParameterError(f"{name} has no parameter {key!r}", hint=f"Its parameters: {known}.")
            values[key] = value
        dated = "date" in query.parameters
        if dated:
            values.setdefault("date", job.day)
        answer = self.graph.run(query, values, lang=job.lang, spool=True)
        if extension:
            type_ = next((f.media_type for f in FORMATS.values() if extension in f.extensions), "")
            if type_ not in types_of(answer.kind):
                return problem(404, f"{name} has no answer that ends in {extension!r}", lang=job.lang)
            return self._sent(job, answer, ASK_AGAIN if dated else FOR_A_WHILE, type_)
        return self._sent(job, answer, ASK_AGAIN if dated else FOR_A_WHILE)

    def queries(self, job: Job) -> Reply:
        """List the canned queries."""
        listed = [
            {
                "name": query.name,
                "url": f"{job.base}queries/{query.name}",
                "summary": query.summary(job.lang),
                "tags": list(query.tags),
                "parameters": list(query.parameters),
            }
            for query in self._queries.values()
        ]
        body = dumps({"queries": listed}, ensure_ascii=False, indent=1).encode() + b"\n"
        return sent(body, JSON, cache=FOR_A_WHILE, compress=job.gzip)

    def openapi(self, job: Job) -> Reply:
        """Describe all addresses for programs."""
        body = openapi.document(list(self._queries.values()), job.base, job.lang)
        return sent(body, JSON, cache=FOR_A_WHILE, compress=job.gzip)

    def service(self, job: Job) -> Reply:
        """Describe the endpoint, as RDF."""
        found = description.service(self.graph, job.base, allow_service=self._allow_service)
        return self._sent(job, found, FOR_A_WHILE)

    def void(self, job: Job) -> Reply:
        """Describe the data, as RDF."""
        return self._sent(job, description.dataset(self.graph, job.base), FOR_A_WHILE)

    def thing(self, job: Job, iris: list[str], pages: bool) -> Reply:  # noqa: FBT001
        """Lead from a thing to what is said of it: a page for people, RDF for machines.

        Args:
            job: The job.
            iris: What the address may stand for; the first of which something is said is meant.
            pages: Whether there are pages.
        """
        place = next((place for iri in iris if (place := self.things.place(iri))), "")
        if not place:
            return problem(404, f"nothing is said of {iris[0]}", lang=job.lang)
        offers = {**dict.fromkeys(("text/html",) if pages else ()), **GRAPH_TYPES}
        type_ = media_type(job.accept, ("text/turtle", *offers))
        if type_ is None:
            return not_acceptable(offers, job.lang)
        # Addresses are relative, so that they hold behind any proxy.
        page = type_ == "text/html"
        target = f"/{job.lang}/{place}.html" if page else f"/data/{place}{_EXTENSIONS[GRAPH_TYPES[type_]]}"
        return Reply(303, b"", {"location": target, "cache-control": FOR_A_WHILE})

    def document(self, job: Job, place: str, extension: str) -> Reply:
        """Tell what is said of a thing.

        Args:
            job: The job.
            place: Where its page stands, within the tree of a language.
            extension: `.ttl` and so on.
        """
        iri = self.things.iri(place)
        type_ = next((t for t, name in GRAPH_TYPES.items() if _EXTENSIONS[name] == extension), "")
        if not iri or not type_:
            return problem(404, "there is no such document", lang=job.lang)
        return self._sent(job, self.things.about(iri), FOR_A_WHILE, type_)

    def site(self, job: Job, folder: str, base_url: str) -> Reply:
        """Write the pages for people.

        Args:
            job: The job.
            folder: Where to.
            base_url: Where they will stand; empty when that is not known.
        """
        from perezkg.web.site.build import build

        build(self.graph, folder, base_url=base_url, date=job.day)
        return Reply(200)

    def _sent(self, job: Job, answer: Result, cache: str, type_: str | None = "") -> Reply:
        """Return the reply with an answer, in the form that the client prefers if none is given."""
        type_ = type_ or chosen(job.accept, answer.kind)
        if type_ is None:
            return not_acceptable(types_of(answer.kind), job.lang)
        body = body_of(pieces(answer, type_), self._most)
        return sent(body, type_, cache=cache, compress=job.gzip)
