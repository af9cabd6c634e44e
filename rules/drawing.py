"""A chart's specification as a picture. Nothing is fetched and nothing is kept."""

from typing import Any

import vl_convert

SCALE = 3.0
"""Pixels of a point: what is drawn is sharp on a phone."""


def png(spec: dict[str, Any]) -> bytes:
    """A Vega-Lite specification as a PNG. Takes about a second of a core: for a process of its own."""
    return vl_convert.vegalite_to_png(spec, scale=SCALE, allowed_base_urls=[])
