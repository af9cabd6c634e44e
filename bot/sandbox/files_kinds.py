"""What kind of file it is, by its first bytes and its name.

Source: "File types" of https://docs.slack.dev/reference/objects/file-object. Which of name and
content Slack believes is unsourced: here a picture must be one, and everything else goes by name.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath

# https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object
PICTURES = frozenset({"gif", "jpg", "png"})


@dataclass(frozen=True)
class Kind:
    """Slack's `filetype`, `mimetype` and `pretty_type`."""

    filetype: str
    mimetype: str
    pretty_type: str


@dataclass(frozen=True)
class Picture:
    """A picture's measures in pixels."""

    width: int
    height: int

    def within(self, most: int) -> "Picture":
        """The same picture made small enough for a square of `most` pixels."""
        share = min(1.0, most / max(self.width, self.height, 1))
        return Picture(max(1, round(self.width * share)), max(1, round(self.height * share)))


_OFFICE = "application/vnd.openxmlformats-officedocument"
BINARY = Kind("binary", "application/octet-stream", "Binary")
PLAIN = Kind("text", "text/plain", "Plain Text")
_PNG = Kind("png", "image/png", "PNG")
_GIF = Kind("gif", "image/gif", "GIF")
_JPG = Kind("jpg", "image/jpeg", "JPEG")
_CODE = {
    "c": ("c", "C"),
    "cpp": ("cpp", "C++"),
    "css": ("css", "CSS"),
    "diff": ("diff", "Diff"),
    "go": ("go", "Go"),
    "java": ("java", "Java"),
    "js": ("javascript", "JavaScript"),
    "json": ("json", "JSON"),
    "md": ("markdown", "Markdown (raw)"),
    "php": ("php", "PHP"),
    "py": ("python", "Python"),
    "rb": ("ruby", "Ruby"),
    "rs": ("rust", "Rust"),
    "sh": ("shell", "Shell"),
    "sql": ("sql", "SQL"),
    "ts": ("typescript", "TypeScript"),
    "xml": ("xml", "XML"),
    "yaml": ("yaml", "YAML"),
    "yml": ("yaml", "YAML"),
}
_BY_ENDING = {
    **{ending: Kind(name, "text/plain", pretty) for ending, (name, pretty) in _CODE.items()},
    "csv": Kind("csv", "text/csv", "CSV"),
    "doc": Kind("doc", "application/msword", "Word Document"),
    "docx": Kind("docx", f"{_OFFICE}.wordprocessingml.document", "Word Document"),
    "gz": Kind("gzip", "application/gzip", "Gzip"),
    "html": Kind("html", "text/html", "HTML"),
    "log": PLAIN,
    "mp3": Kind("mp3", "audio/mpeg", "MP3"),
    "mp4": Kind("mp4", "video/mp4", "MPEG 4 Video"),
    "pdf": Kind("pdf", "application/pdf", "PDF"),
    "ppt": Kind("ppt", "application/vnd.ms-powerpoint", "PowerPoint Presentation"),
    "pptx": Kind("pptx", f"{_OFFICE}.presentationml.presentation", "PowerPoint Presentation"),
    "svg": Kind("svg", "image/svg+xml", "SVG"),
    "tar": Kind("tar", "application/x-tar", "Tarball"),
    "tsv": Kind("tsv", "text/tab-separated-values", "TSV"),
    "txt": PLAIN,
    "webp": Kind("webp", "image/webp", "WebP"),
    "xls": Kind("xls", "application/vnd.ms-excel", "Excel Spreadsheet"),
    "xlsx": Kind("xlsx", f"{_OFFICE}.spreadsheetml.sheet", "Excel Spreadsheet"),
    "zip": Kind("zip", "application/zip", "Zip"),
}
_TEXTS = (PLAIN, *(kind for kind in _BY_ENDING.values() if kind.mimetype.startswith("text/")))
SNIPPETS = {kind.filetype: kind for kind in _TEXTS}


def ending_of(name: str) -> str:
    """What stands after the last point of a name, in small letters: "pdf"."""
    return PurePosixPath(name).suffix.removeprefix(".").lower()


def kind_of(name: str, head: bytes) -> Kind:
    """The kind of a file with this name whose bytes begin with `head`."""
    for magic, kind in ((b"\x89PNG\r\n\x1a\n", _PNG), (b"GIF8", _GIF), (b"\xff\xd8\xff", _JPG)):
        if head.startswith(magic):
            return kind
    return _BY_ENDING.get(ending_of(name), BINARY)


def picture_of(kind: Kind, head: bytes) -> Picture | None:
    """The measures of a PNG, GIF or JPEG; None for anything else, or when they are not there."""
    measure = {"png": _measure_png, "gif": _measure_gif, "jpg": _measure_jpg}.get(kind.filetype)
    return measure(head) if measure else None


_PNG_HEADER = 24
_GIF_HEADER = 10


def _measure_png(head: bytes) -> Picture | None:
    if len(head) < _PNG_HEADER:
        return None
    return Picture(int.from_bytes(head[16:20]), int.from_bytes(head[20:24]))


def _measure_gif(head: bytes) -> Picture | None:
    if len(head) < _GIF_HEADER:
        return None
    return Picture(int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little"))


# Markers that start a frame; the three left out of the range define tables instead.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def _measure_jpg(head: bytes) -> Picture | None:
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:  # noqa: PLR2004 - every marker starts so
        if head[at + 1] in _FRAMES:
            height, width = head[at + 5 : at + 7], head[at + 7 : at + 9]
            return Picture(int.from_bytes(width), int.from_bytes(height))
        at += 2 + int.from_bytes(head[at + 2 : at + 4])
    return None
