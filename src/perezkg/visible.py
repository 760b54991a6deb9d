"""Text from data, made safe to show: what would steer a terminal is shown instead of obeyed."""

from __future__ import annotations


def _picture(code: int) -> str:
    return chr(0x2400 + code) if code < 0x20 else f"<U+{code:04X}>"


# Controls but the line end, and the signs that turn the direction of writing around or break lines unseen.
_STEERING = [*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x200E, 0x200F]
_STEERING += [*range(0x2028, 0x202F), *range(0x2066, 0x206A)]
_PICTURES = {code: _picture(code) for code in _STEERING} | {0x09: "    "}


def visible(text: str) -> str:
    r"""Return a text without control characters but line ends; the others become pictures, a tab four blanks.

    >>> visible("a\x1b[2Jb")
    'a␛[2Jb'
    """
    return text.translate(_PICTURES)
