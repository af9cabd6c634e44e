"""What people call a kind of file; only what few have heard of is told by its media type."""

from rules.media_types import UNKNOWN

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"

KINDS = {
    UNKNOWN: "unknown kind",
    "application/pdf": "PDF",
    "application/zip": "ZIP archive",
    "application/x-7z-compressed": "7z archive",
    "application/x-rar-compressed": "RAR archive",
    "application/vnd.rar": "RAR archive",
    "application/x-tar": "TAR archive",
    "application/gzip": "GZIP archive",
    "application/x-gzip": "GZIP archive",
    "application/x-tgz": "GZIP archive",
    "application/x-bzip2": "BZIP2 archive",
    "application/x-xz": "XZ archive",
    "application/zstd": "ZSTD archive",
    "application/java-archive": "Java archive (jar)",
    f"{_OFFICE}.wordprocessingml.document": "Word document (docx)",
    f"{_OFFICE}.spreadsheetml.sheet": "Excel workbook (xlsx)",
    f"{_OFFICE}.presentationml.presentation": "PowerPoint slides (pptx)",
    "application/msword": "Word document (doc)",
    "application/vnd.ms-excel": "Excel workbook (xls)",
    "application/excel": "Excel workbook (xls)",
    "application/vnd.ms-powerpoint": "PowerPoint slides (ppt)",
    "application/mspowerpoint": "PowerPoint slides (ppt)",
    "application/x-ole-storage": "old Office document",
    f"{_OPEN}.text": "OpenDocument text (odt)",
    f"{_OPEN}.spreadsheet": "OpenDocument table (ods)",
    f"{_OPEN}.presentation": "OpenDocument slides (odp)",
    "application/rtf": "RTF document",
    "application/epub+zip": "EPUB book",
    "application/postscript": "PostScript",
    "application/json": "JSON",
    "application/xml": "XML",
    "application/x-yaml": "YAML",
    "application/x-sqlite3": "SQLite database",
    "application/vnd.microsoft.portable-executable": "Windows program",
    "application/x-executable": "program",
    "application/x-sharedlib": "program",
    "application/x-shellscript": "shell script",
    "application/vnd.ms-cab-compressed": "Windows cabinet",
    "application/vnd.debian.binary-package": "Debian package",
    "application/x-rpm": "RPM package",
    "application/pgp-encrypted": "OpenPGP message",
    "application/pgp-keys": "OpenPGP key",
    "application/pgp-signature": "OpenPGP signature",
    "message/rfc822": "mail",
    "text/calendar": "calendar",
    "text/csv": "CSV table",
    "text/html": "web page (HTML)",
    "text/javascript": "JavaScript",
    "text/markdown": "Markdown text",
    "text/plain": "text",
    "text/vcard": "contact (vCard)",
    "text/x-python": "Python script",
    "text/xml": "XML",
    "image/jpeg": "JPEG image",
    "image/svg+xml": "SVG drawing",
}
"""By media type, as `rules.media_types` gives it."""
FAMILIES = {"image": "{} image", "audio": "{} sound", "video": "{} video", "text": "text ({})"}


def said_kind(media_type: str | None) -> str:
    """A kind of file in words, to stand within a sentence; empty where it is not known yet.

    >>> said_kind("application/zip"), said_kind("image/x-pcx"), said_kind("video/mp4")
    ('ZIP archive', 'PCX image', 'MP4 video')
    >>> said_kind("application/dicom"), said_kind(None)
    ('application/dicom', '')
    """
    if not media_type:
        return ""
    if media_type in KINDS:
        return KINDS[media_type]
    family, _, kind = media_type.partition("/")
    if family in FAMILIES:
        plain = kind.removeprefix("x-").removeprefix("vnd.").removesuffix("+xml")
        return FAMILIES[family].format(plain.upper())
    return media_type
