"""Bytes -> text, strictly: what is not text in a known encoding is a problem with its place."""

import codecs

from kbtool.problems import Problem, Stop

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode_text(data: bytes, path: str, first_line: int = 1) -> str:
    r"""Return the text with its line ends as "\n": UTF-8, or what a byte order mark says.

    Raises Stop when a byte does not fit or a NUL stands among them.

    >>> decode_text(b"\xef\xbb\xbfa\r\nb", "x.md")
    'a\nb'
    """
    mark, encoding = byte_order(data)
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        start = len(mark) + error.start
        raise Stop(_wrong_encoding(data, start, encoding, path, first_line)) from None
    if "\0" in text:
        raise Stop(_stray_nul(text, path, first_line))
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def byte_order(data: bytes) -> tuple[bytes, str]:
    r"""Return the byte order mark that the data begins with, and the encoding it says; without one it is UTF-8.

    >>> byte_order(b"\xff\xfea\0")
    (b'\xff\xfe', 'utf-16-le')
    """
    return next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "utf-8"))


def _wrong_encoding(data: bytes, start: int, encoding: str, path: str, first_line: int) -> Problem:
    shown = " ".join(f"{byte:02x}" for byte in data[start : start + 1])
    message = f'byte {start + 1} ("{shown}") is not {encoding.upper()}'
    before = data[:start].decode(encoding, errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    return Problem(path, first_line + before.count("\n"), "wrong-encoding", message, "save the file as UTF-8 in your editor")


def _stray_nul(text: str, path: str, first_line: int) -> Problem:
    place = text.index("\0")
    line = first_line + text[:place].replace("\r\n", "\n").replace("\r", "\n").count("\n")
    hint = "save the file as UTF-8 in your editor; if it is no text, give it another ending"
    return Problem(path, line, "wrong-encoding", f"character {place + 1} is a NUL, which no text holds", hint)
