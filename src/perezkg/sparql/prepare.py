"""From the text of a query to one that is ready for an engine: checked, prefixes declared, ordered, values bound.

All of it works on tokens. A value replaces a whole variable by a whole term, so nothing in a value can end a string, an
IRI or a comment and go on as query text.

ORDER BY is rewritten, because SPARQL leaves open which comes first, a number or a text, and each engine decides it in
its own way; Oxigraph 0.5 may even end the whole process over `ORDER BY ?value` where the values are numbers, dates and
texts. So a variable to order by becomes a list of keys. The first keep what SPARQL orders (nothing, blank nodes, IRIs,
literals), the next group the literals that can be compared, the last compare within a group: numbers by value, texts by
their characters, all others by type and value.
"""

from __future__ import annotations

import re

from perezkg.errors import RemoteAccessRefusedError, UsageError, nearest
from perezkg.rdf.reading import file_iri
from perezkg.rdf.terms import as_sparql
from perezkg.sparql.tokens import error_at, tokenize
from perezkg.vocabulary import PREFIXES, RDF, XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pyoxigraph import Literal, NamedNode

    from perezkg.errors import InputError
    from perezkg.sparql.catalogue import CannedQuery
    from perezkg.sparql.tokens import Token

    Value = NamedNode | Literal
    # The IRIs of the graphs that make the default graph, and of those that GRAPH looks into.
    Graphs = tuple[Sequence[str], Sequence[str]]

# Oxigraph's parser survives ten times as much.
_DEEPEST = 100
# At a mistake it reads what each `!` negates twice, and what is in it four times.
_MOST_NEGATIONS = 10
_MOST_OPERATORS = 1000
_UPDATES = frozenset(("INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"))
_ENDS_OPERAND = frozenset(("variable", "iri", "name", "string", "number", "language"))
_TEXT = f"(DATATYPE({{0}}) IN (<{XSD}string>, <{RDF}langString>))"
# Times with and without a zone, durations of months and of days, and what is no number: each may be incomparable.
_ZONED = r'REGEX(STR({0}), "(Z|[+-][0-9][0-9]:[0-9][0-9])$")'
_NAN = 'STR({0}) = "NaN"'
# What kind of term: blank nodes, IRIs, others; of literals the numbers, the texts, and each datatype for itself. Then
# the value or the text, which can be compared within a kind, and the language. Few keys, as each row gets them all.
# COALESCE: unbound comes first; rdflib cannot compare with the outcome of a mistake, such as the datatype of an IRI.
_KIND = (
    f'COALESCE(IF(isNumeric({{0}}), IF({_NAN}, "20 NaN", "20"), '
    f'IF({_TEXT}, "21", CONCAT("22", STR(DATATYPE({{0}})), IF({_ZONED}, " Z", "")))), '
    'IF(isBlank({0}), "0", IF(isIRI({0}), "1", "2")), "")'
)
_VALUE = (
    f"COALESCE(IF(isNumeric({{0}}), IF({_NAN}, 0, {{0}}), "
    f'IF({_TEXT} || DATATYPE({{0}}) = <{XSD}duration>, STR({{0}}), {{0}})), {{0}}, "")'
)
_KEYS = (_KIND, _VALUE, 'COALESCE(LANG({0}), "")')
_CLOSING = {"(": ")", "{": "}"}
# These are compiled when a query needs them. NaN is no language tag, and stands in every order.
_CAPITALS = r"""["'](?!NaN["'])(?=[a-z0-9-]*[A-Z])[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*["'](?!\^)"""
_LOUD = r"\b(?!true|false)(?i:true|false)\b"
_ABSOLUTE = r"""[A-Za-z][A-Za-z0-9+.-]*:[^<>"{}|^`\\\x00-\x20]*"""


class Prepared:
    """A query ready for an engine.

    Attributes:
        text: The SPARQL to run.
        path: Where it comes from, for error messages.
        written: The text before prefixes were declared on its first line.
        shift: How many characters those declarations add to the first line.
        ordered: Whether the query says in which order its solutions come.
        services: The addresses that it asks by SERVICE; none, unless that was allowed.
        graphs: The graphs of the store that it is about, whatever FROM says; None leaves that to the query.
        offline: The text with GRAPH for each SERVICE: it has the same grammar and columns, and asks no store.
    """

    __slots__ = ("graphs", "offline", "ordered", "path", "services", "shift", "text", "written")

    def __init__(self, text: str, *, path: str = "", prologue: str = "", ordered: bool = False) -> None:
        self.text = self.offline = prologue + text
        self.services: tuple[str, ...] = ()
        self.graphs: Graphs | None = None
        self.written = text
        self.path = path
        self.shift = len(prologue)
        self.ordered = ordered


def prepare(
    query: CannedQuery,
    values: Mapping[str, Value],
    *,
    allow_service: bool = False,
    allow_from: bool = False,
) -> Prepared:
    """Return a query with its values bound, after all checks that need no engine.

    Args:
        query: The query.
        values: The term for each of its parameters.
        allow_service: Whether it may ask other stores by SERVICE.
        allow_from: Whether FROM may choose among the graphs of the store.

    Raises:
        SparqlSyntaxError: An unknown prefix, a bound variable where no value may stand, an update.
        RemoteAccessRefusedError: LOAD, or FROM or SERVICE that is not allowed.
    """
    path, text, tokens = query.where, query.sparql, query.tokens
    if re.search(_LOUD, text):
        text = with_quiet_truth(text, tokens)
        tokens = tokenize(text)
    refuse_excess(text, tokens, path)
    refuse_remote(text, tokens, path, allow_service=allow_service, allow_from=allow_from)
    prologue = declare_base(tokens, query.base) + declare_prefixes(text, tokens, path)
    ordered = any(token.keyword == "ORDER" for token in tokens)
    if ordered:
        ordered_text = with_total_order(text, tokens)
        if ordered_text != text:
            text, tokens = ordered_text, tokenize(ordered_text)
    if values:
        text = bind(text, tokens, values, path)
    prepared = Prepared(text, path=path, prologue=prologue, ordered=ordered)
    if allow_service:
        prepared.services, offline = services(text, path)
        prepared.offline = prologue + offline
    return prepared


def may_compare_tags(text: str) -> bool:
    """Return whether a query may compare a language tag with one that has capitals in it."""
    return "lang" in text.lower() and re.search(_CAPITALS, text) is not None


def refuse_excess(text: str, tokens: Sequence[Token], path: str = "") -> None:
    """Refuse a query so deep or long that the engine's parser would run out of stack, or never end.

    Raises:
        SparqlSyntaxError: More brackets or negations inside one another, or more operators, than any question needs.
    """
    operators = 0
    negated = False
    brackets: list[bool] = []  # of each that is open: is it negated?
    for token in tokens:
        if token.kind == "mark":
            if token.text in ("(", "{", "["):
                brackets.append(negated)
                if len(brackets) > _DEEPEST:
                    raise error_at(text, token.start, f"more than {_DEEPEST} brackets inside one another", path=path)
                if negated and sum(brackets) > _MOST_NEGATIONS:
                    what = f"more than {_MOST_NEGATIONS} negations inside one another"
                    raise error_at(text, token.start, what, path=path)
                negated = False
            elif token.text in (")", "}", "]"):
                del brackets[-1:]
                negated = False
            elif token.text not in (".", ",", ";"):
                operators += 1
                negated = token.text == "!"
        elif token.keyword == "UNION":
            operators += 1
        if operators > _MOST_OPERATORS:
            raise error_at(text, token.start, f"more than {_MOST_OPERATORS} operators", path=path)


def refuse_remote(
    text: str, tokens: Sequence[Token], path: str = "", *, allow_service: bool = False, allow_from: bool = False
) -> None:
    """Refuse a query that would reach out: SERVICE, FROM, LOAD. Updates are refused with it.

    Args:
        text: SPARQL without codepoint escapes.
        tokens: Its tokens.
        path: Where the text comes from, for error messages.
        allow_service: Let SERVICE pass; `services` looks at where it leads.
        allow_from: Let FROM pass, for an engine that looks for its graphs in its store and nowhere else.

    Raises:
        RemoteAccessRefusedError: With line and column of the keyword.
        SparqlSyntaxError: The text is an update.
    """
    refused = ("LOAD", "" if allow_from else "FROM", "" if allow_service else "SERVICE")
    for token in tokens:
        keyword = token.keyword
        if keyword and keyword in refused:
            raise _refusal(text, token.start, keyword, path)
        if keyword in _UPDATES:
            raise error_at(text, token.start, f"{keyword} is an update, and perezkg only asks", path=path)
    if "SERVICE" in text.upper():
        _refuse_doubtful(text, tokens, path)


def _refuse_doubtful(text: str, tokens: Sequence[Token], path: str) -> None:
    """Refuse a text that has `service` in a string or comment which an engine might not read as one.

    In `(1 <'>') SERVICE …#'` the grammar's longest match is the IRI `<'>`, but an engine that knows it is inside an
    expression reads `<`, a string, and then the keyword. Only within parentheses, after an operand, can `<` be either.
    """
    brackets: list[str] = []
    before = None
    for token in tokens:
        if token.text in ("(", "{", "["):
            brackets.append(token.text)
        elif token.text in (")", "}", "]") and brackets:
            brackets.pop()
        elif token.kind == "iri" and brackets[-1:] == ["("] and before is not None:
            after_operand = before.kind in _ENDS_OPERAND or before.text == ")"
            if after_operand and ("'" in token.text or "#" in token.text):
                raise _refusal(text, token.start, "SERVICE, perhaps,", path)
        before = token


def _refusal(text: str, offset: int, keyword: str, path: str) -> InputError:
    return error_at(
        text,
        offset,
        f"{keyword} reaches for other graphs, and perezkg asks only the graph it was given",
        path=path,
        hint="--allow-service lets a query ask other stores, if that is what you want."
        if keyword == "SERVICE"
        else "Name what you need: --data FILE … once it is downloaded, or --graph IRI of the store at --endpoint.",
        kind=RemoteAccessRefusedError,
    )


def services(text: str, path: str = "") -> tuple[tuple[str, ...], str]:
    """Return the addresses that a query asks by SERVICE, each once, and the query as it asks no other store.

    In that one GRAPH, which has the grammar of SERVICE, stands in its stead, and every other word in its place.

    Raises:
        RemoteAccessRefusedError: An address is not written out as an http or https IRI: data must not choose who is
            asked, and no file must be read in this way.

    >>> services("ASK { SERVICE SILENT <http://example.org/> { ?s ?p ?o } }")
    (('http://example.org/',), 'ASK { GRAPH          <http://example.org/> { ?s ?p ?o } }')
    """
    found: dict[str, None] = {}
    offline = text
    tokens = tokenize(text)
    for index, token in enumerate(tokens):
        if token.keyword != "SERVICE":
            continue
        behind = [word for word in tokens[index + 1 : index + 3] if word.keyword != "SILENT"]
        target = behind[0] if behind else token
        iri = target.text[1:-1]
        scheme, _, rest = iri.partition("://")
        host = rest.partition("/")[0].partition("?")[0].partition("#")[0]
        if target.kind != "iri" or scheme.lower() not in ("http", "https") or not host or "@" in host:
            raise error_at(
                text,
                target.start,
                "SERVICE asks only at an address that the query itself names",
                path=path,
                hint="Write the whole IRI, without a password in it: SERVICE <https://…> { … }.",
                kind=RemoteAccessRefusedError,
            )
        found[iri] = None
        for word, instead in zip(tokens[index : index + 2], ("GRAPH", ""), strict=True):
            if word is not target:
                end = word.start + len(word.text)
                offline = offline[: word.start] + instead.ljust(len(word.text)) + offline[end:]
    return tuple(found), offline


def with_quiet_truth(text: str, tokens: Sequence[Token]) -> str:
    """Return a query with `true` and `false` in small letters, as engines want them; the grammar does not mind.

    >>> query = "ASK { FILTER(TRUE) } # TRUE"
    >>> with_quiet_truth(query, tokenize(query))
    'ASK { FILTER(true) } # TRUE'
    """
    for token in tokens:
        if token.keyword in ("TRUE", "FALSE"):
            text = text[: token.start] + token.text.lower() + text[token.start + len(token.text) :]
    return text


def declare_base(tokens: Sequence[Token], base: str | None = None) -> str:
    """Return the declaration of the IRI that relative IRIs of a query are resolved against; "" where it has none.

    Args:
        tokens: The query's.
        base: The IRI; None is that of the working directory.

    Raises:
        UsageError: The base is not an absolute IRI.

    >>> from perezkg.sparql.tokens import tokenize
    >>> declare_base(tokenize("ASK { <a> ?p ?o }"), "http://example.org/")
    'BASE <http://example.org/> '
    >>> declare_base(tokenize("ASK { <urn:a> ?p ?o }"), "http://example.org/")
    ''
    """
    if base is not None and not re.fullmatch(_ABSOLUTE, base):
        raise UsageError(
            f"the base {base!r} is not an absolute IRI", hint="It begins with a scheme: http://example.org/"
        )
    if all(token.kind != "iri" or re.fullmatch(_ABSOLUTE, token.text[1:-1]) for token in tokens):
        return ""
    return f"BASE <{base or file_iri('.') + '/'}> "


def declare_prefixes(text: str, tokens: Sequence[Token], path: str = "") -> str:
    """Return the declarations of perezkg's prefixes that a query uses and does not declare, on one line.

    Raises:
        SparqlSyntaxError: A prefix is neither declared nor known.

    >>> query = "ASK { pz:cuenca ?p ?o }"
    >>> declare_prefixes(query, tokenize(query))
    'PREFIX pz: <https://w3id.org/perezkg/id/> '
    """
    declared: set[str] = set()
    missing: dict[str, None] = {}
    before = ""
    for token in tokens:
        if token.kind == "name" and ":" in token.text:
            prefix = token.text.partition(":")[0]
            if before == "PREFIX":
                declared.add(prefix)
            elif prefix not in declared:
                if prefix not in PREFIXES:
                    known = f"Declare it: PREFIX {prefix}: <…>. Known: {', '.join(PREFIXES)}."
                    raise error_at(
                        text,
                        token.start,
                        f"the prefix {prefix}: is not declared",
                        path=path,
                        hint=nearest(prefix, PREFIXES) or known,
                    )
                missing[prefix] = None
        before = token.keyword
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}> " for prefix in missing)


def with_total_order(text: str, tokens: Sequence[Token]) -> str:
    """Return a query whose ORDER BY says of every two terms which comes first.

    Only plain variables are replaced: an expression to order by says itself what is compared.

    >>> query = "SELECT ?x { ?s ?p ?x } ORDER BY STR(?x) LIMIT 3"
    >>> with_total_order(query, tokenize(query)) == query
    True
    >>> query = "SELECT ?x { ?s ?p ?x } ORDER BY DESC(?x)"
    >>> with_total_order(query, tokenize(query)).count("DESC(")
    3
    """
    pieces: list[str] = []
    done = 0
    for start, end, direction, variable in _variables(tokens):
        pieces += text[done:start], " ".join(f"{direction}({key.format(variable)})" for key in _KEYS)
        done = end
    return "".join([*pieces, text[done:]])


def _variables(tokens: Sequence[Token]) -> Iterator[tuple[int, int, str, str]]:
    """Yield the conditions of ORDER BY that are plain variables: start and end in the text, direction, variable."""
    position = 0
    while position + 2 < len(tokens):
        position += 1
        if tokens[position - 1].keyword != "ORDER" or tokens[position].keyword != "BY":
            continue
        position += 1
        while position < len(tokens):
            token = tokens[position]
            direction = token.keyword if token.keyword in ("ASC", "DESC") else ""
            if token.kind == "variable":
                yield token.start, token.start + len(token.text), "ASC", token.text
                position += 1
                continue
            opening = position if token.text == "(" else position + 1
            if opening >= len(tokens) or tokens[opening].text != "(":
                break  # LIMIT, the end of a group, or a mistake that the engine will tell
            closing = _closing(tokens, opening)
            if direction and closing == opening + 2 and tokens[opening + 1].kind == "variable":
                yield token.start, tokens[closing].start + 1, direction, tokens[opening + 1].text
            position = closing + 1


def _closing(tokens: Sequence[Token], opening: int) -> int:
    """Return where the bracket at a position closes; the last token where it never does."""
    depth = 0
    for position in range(opening, len(tokens)):
        text = tokens[position].text if tokens[position].kind == "mark" else ""
        depth += (text in _CLOSING) - (text in _CLOSING.values())
        if depth == 0:
            return position
    return len(tokens) - 1


def bind(text: str, tokens: Sequence[Token], values: Mapping[str, Value], path: str = "") -> str:
    r"""Replace variables by terms; what looks like a variable in a string, an IRI or a comment stays.

    Args:
        text: SPARQL without codepoint escapes.
        tokens: Its tokens.
        values: The term for each variable, by its name without `?`; `$name` is the same variable.
        path: Where the text comes from, for error messages.

    Raises:
        SparqlSyntaxError: A variable stands where no value may: in the projection, after AS or VALUES, in GROUP BY.

    >>> from pyoxigraph import Literal
    >>> query = "ASK { ?s ?p ?_x } # ?_x"
    >>> bind(query, tokenize(query), {"_x": Literal('" } #')})
    'ASK { ?s ?p "\\" } #" } # ?_x'
    """
    parts: list[str] = []
    end = 0
    clause = before = ""
    depth = 0
    for token in tokens:
        if token.kind == "variable":
            name = token.text[1:]
            if name in values:
                if before == "AS" or (clause and (depth == 0 or clause == "VALUES")):
                    raise error_at(
                        text,
                        token.start,
                        f"the parameter {token.text} is used where only a variable is allowed",
                        path=path,
                        hint=f"Give it another name there: (… AS ?{name.lstrip('_') or 'x'}).",
                    )
                parts += (text[end : token.start], as_sparql(values[name]))
                end = token.start + len(token.text)
            before = ""
            continue
        before = token.keyword
        if before in ("SELECT", "GROUP", "ORDER", "VALUES"):
            clause, depth = before, 0
        elif before in ("WHERE", "HAVING", "LIMIT", "OFFSET") or token.text in ("{", "}"):
            clause = ""
        elif token.text == "(":
            depth += 1
        elif token.text == ")":
            depth -= 1
    parts.append(text[end:])
    return "".join(parts)
