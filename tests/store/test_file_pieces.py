"""Pieces of a file in a real S3 server, wherever they begin."""

import pytest

from store.file_pieces import read_piece
from store.file_streams import keep_stream
from store.files import Files, FilesUnavailable
from tests.store.test_file_streams import KEY, KIND, letters, pieces

SIZE = 300_000


@pytest.mark.parametrize(("start", "length"), [(0, 1), (0, SIZE), (17, 64_000), (SIZE - 1, 1)])
async def test_a_piece_is_those_bytes_and_no_others(files: Files, start: int, length: int) -> None:
    data = letters(SIZE)[:SIZE]
    kept = await keep_stream(files, KEY, pieces(data), content_type=KIND)
    piece = await read_piece(files, KEY, start=start, length=length, version=kept.version)
    assert piece == data[start : start + length]


async def test_where_there_are_no_such_bytes_the_store_says_so(files: Files) -> None:
    await keep_stream(files, KEY, pieces(letters(100)), content_type=KIND)
    with pytest.raises(FilesUnavailable):
        await read_piece(files, KEY, start=1_000, length=10)
    with pytest.raises(FilesUnavailable):
        await read_piece(files, "files/none", start=0, length=10)
