"""What a store, or a network before it, can do wrong at a request."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad
from tests.stores.loading.dialects import Reply, copied, replace
from tests.stores.loading.fake_store import ordinary

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.stores.loading.fake_store import Exchange, Fault

HTML = b"<html><head><title>Please log in</title></head></html>"


def status(code: int, said: str = "", **headers: str) -> Fault:
    """Refuse, in words of the store's own."""

    def fault(exchange: Exchange) -> None:
        exchange.receive()
        more = {name.replace("_", "-"): text for name, text in headers.items()}
        exchange.send(Reply(code, said.encode(), headers=more))

    return fault


def refused_unread(exchange: Exchange) -> None:
    """Refuse a body by its length, without reading it."""
    exchange.send(Reply(413, b"too long"))
    exchange.close_connection = True


def once(fault: Fault) -> Fault:
    """Fail at the first try, and do what is asked for at the next."""
    tried: list[str] = []

    def first(exchange: Exchange) -> None:
        tried.append(exchange.path)
        (fault if len(tried) == 1 else ordinary)(exchange)

    return first


def reset_half_way(exchange: Exchange) -> None:
    """Lose the connection in the middle of a request."""
    exchange.receive_half()
    exchange.reset()


def cut_off(number: int) -> tuple[Fault, list[int]]:
    """Lose the client for ever in the middle of a request, at one of the places where that may do harm.

    Returns:
        The fault, and where those places were in the request.
    """
    places: list[int] = []

    def fault(exchange: Exchange) -> None:
        request = exchange.receive()
        body = request.body
        if not places:
            ends = {
                body.find(b"\n") - 1,
                body.rfind(b"\n", 0, len(body) // 2) + 1,
                body.rfind(b"\n") + 1,
                len(body) - 1,
            }
            ends |= {at + more for at, sign in enumerate(body) if sign == ord(";") for more in (0, 1)}
            places.extend(sorted({0, *(at for at in ends if 0 < at < len(body))}))
            if number < len(places) and exchange.store.keeps_cut_requests:
                with exchange.store.lock:
                    exchange.store.dialect.answer(request._replace(body=body[: places[number]]))
        exchange.reset()

    return fault, places


def half_an_answer(exchange: Exchange) -> None:
    """Do what is asked for, and lose the connection in the middle of the answer."""
    reply = exchange.apply()
    exchange.send(reply._replace(status=200, content=reply.content or b"done"), whole=False)


def answer_lost(exchange: Exchange) -> None:
    """Do what is asked for, and never say so."""
    exchange.apply()
    exchange.reset()


def html(exchange: Exchange) -> None:
    """Do nothing, and show a page for people."""
    exchange.receive()
    exchange.send(Reply(200, HTML, "text/html"))


def wrong_type(exchange: Exchange) -> None:
    """Do what is asked for, and call the answer what it is not."""
    exchange.send(exchange.apply()._replace(media="application/pdf"))


def cut_in_a_line(exchange: Exchange) -> None:
    """Do what is asked for, and leave out the end of the answer, such that HTTP does not tell."""
    reply = exchange.apply()
    exchange.send(reply._replace(content=reply.content[:-5]))


def cut_between_lines(exchange: Exchange) -> None:
    """Do what is asked for, and leave out the last line of the answer."""
    reply = exchange.apply()
    exchange.send(reply._replace(content=b"".join(reply.content.splitlines(keepends=True)[:-1])))


def silence(exchange: Exchange) -> None:
    """Never answer."""
    exchange.receive()
    exchange.wait()


def stall(exchange: Exchange) -> None:
    """Never read the request to its end."""
    exchange.receive_half()
    exchange.wait()


def late(exchange: Exchange) -> None:
    """Answer in no time that anybody waits for, and do it after all."""
    exchange.receive()
    exchange.store.later.append(exchange.apply)
    exchange.wait()


def crash(exchange: Exchange) -> None:
    """Be killed while a request comes."""
    exchange.receive_half()
    _crash(exchange)


def crash_done(exchange: Exchange) -> None:
    """Be killed when a request has been done."""
    exchange.apply()
    _crash(exchange)


def _crash(exchange: Exchange) -> None:
    store = exchange.store
    gone = threading.Thread(target=store.crash)
    gone.start()
    gone.join()
    exchange.reset()


def half_done(exchange: Exchange) -> None:
    """Do a half of what is asked for, and fail; nothing that takes transactions seriously does so."""
    _half(exchange)
    exchange.send(Reply(500, b"deadlock"))


def crash_half_done(exchange: Exchange) -> None:
    """Be killed with half of a request done."""
    _half(exchange)
    _crash(exchange)


def _half(exchange: Exchange) -> None:
    data = exchange.store.data
    with exchange.store.lock:
        before = copied(data)
        exchange.apply()
        added = sorted((quad for quad in data if quad not in before), key=str)
        for quad in added[len(added) // 2 :]:
            data.remove(quad)


def damaged(how: Callable[[Quad], list[Quad]]) -> Fault:
    """Do what is asked for, but for one triple, and say that it is done."""

    def fault(exchange: Exchange) -> None:
        dialect = exchange.store.dialect
        states = [dialect.data, *getattr(dialect, "open", {}).values()]
        with exchange.store.lock:
            before = [copied(state) for state in states]
            reply = exchange.apply()
            for state, old in zip(states, before, strict=True):
                added = sorted((quad for quad in state if quad not in old), key=_literals_first)
                if added and reply.status < 300:
                    replace(state, [quad for quad in state if quad != added[0]] + how(added[0]))
        exchange.send(reply)

    return fault


def _literals_first(quad: Quad) -> tuple[bool, str]:
    return not isinstance(quad.object, Literal), str(quad)


def dropped(quad: Quad) -> list[Quad]:
    """Lose a triple."""
    assert quad
    return []


def doubled(quad: Quad) -> list[Quad]:
    """Invent a triple."""
    return [quad, Quad(quad.subject, NamedNode("http://example.org/invented"), quad.object, quad.graph_name)]


def altered(quad: Quad) -> list[Quad]:
    """Turn a value into another."""
    return [Quad(quad.subject, quad.predicate, Literal("another"), quad.graph_name)]


FAULTS: dict[str, Fault] = {
    "401": status(401, "who are you?"),
    "403": status(403, "not you"),
    "404": status(404, "no such thing"),
    "405": status(405, "not so"),
    "413": status(413, "too long"),
    "413 unread": refused_unread,
    "429": status(429, "slow down", Retry_After="7"),
    "500": status(500, "it failed"),
    "disk full": status(500, "No space left on device"),
    "503": status(503, "busy"),
    "507": status(507, "full"),
    "reset": reset_half_way,
    "half an answer": half_an_answer,
    "answer lost": answer_lost,
    "html": html,
    "wrong type": wrong_type,
    "cut in a line": cut_in_a_line,
    "cut between lines": cut_between_lines,
    "crash": crash,
    "crash done": crash_done,
    "dropped": damaged(dropped),
    "doubled": damaged(doubled),
    "altered": damaged(altered),
}
"""What can happen at one request of a store that does each request whole or not at all."""

DAMAGES = ("dropped", "doubled", "altered")
"""Those of them that say that all is well."""

SLOW_FAULTS: dict[str, Fault] = {"silence": silence, "stall": stall, "late": late}
"""The same, as long as the client waits."""
