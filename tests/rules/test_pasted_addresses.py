"""Addresses as people paste them: what is one is taken, what is none is told by its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.pasted_addresses import LONGEST_ADDRESS, Problem, read_lines


@pytest.mark.parametrize(
    ("typed", "email", "name"),
    [
        ("ana@shop.example", "ana@shop.example", "ana@shop.example"),
        ("  Ana.Reyes+menus@Shop.Example ,", "ana.reyes+menus@shop.example", None),
        ("Ana Reyes <ana@shop.example>", "ana@shop.example", "Ana Reyes"),
        ('"Reyes, Ana" <ana@shop.example>;', "ana@shop.example", "Reyes, Ana"),
        ("'Ana' <mailto:ana@shop.example>", "ana@shop.example", "Ana"),
        ("mailto:ana@shop.example", "ana@shop.example", None),
        ("<o'neil@xn--mller-kva.example>", "o'neil@xn--mller-kva.example", None),
    ],
)
def test_an_address_is_read_with_its_name(typed: str, email: str, name: str | None) -> None:
    [line] = read_lines(typed)
    assert (line.email, line.name, line.problem) == (email, name or email, None)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("Ana Reyes", Problem.no_address),
        ("ana@shop", Problem.no_address),
        ("ana@127.0.0.1", Problem.no_address),
        ("ana@.example", Problem.no_address),
        (".ana@shop.example", Problem.no_address),
        ("ana..reyes@shop.example", Problem.no_address),
        ("ana@-shop.example", Problem.no_address),
        ("ana reyes@shop.example", Problem.no_address),
        ('"ana"@shop.example', Problem.no_address),
        ("ana@shop.example\x00", Problem.no_address),
        (f"{'a' * 65}@shop.example", Problem.no_address),
        (f"ana@{'a.' * 130}example", Problem.no_address),
        ("Ana ana@shop.example", Problem.no_address),
        ("ana@shop.example, ben@shop.example", Problem.several),
        ("ana@sh\N{CYRILLIC SMALL LETTER O}p.example", Problem.not_plain),
        ("\u202eana@shop.example", Problem.not_plain),
    ],
)
def test_what_is_no_address_says_why(typed: str, problem: Problem) -> None:
    [line] = read_lines(typed)
    assert (line.problem, line.email, line.typed) == (problem, "", typed)


def test_lines_are_counted_as_they_were_pasted() -> None:
    pasted = "\n ana@shop.example\r\n\r\nBen\n"
    assert [(line.number, line.typed) for line in read_lines(pasted)] == [
        (2, "ana@shop.example"),
        (4, "Ben"),
    ]


@given(st.text())
def test_whatever_is_pasted_an_address_that_is_taken_can_stand_in_a_header(pasted: str) -> None:
    for line in read_lines(pasted):
        assert bool(line.email) != bool(line.problem)
        assert line.typed
        assert line.email.isascii()
        assert len(line.email) <= LONGEST_ADDRESS
        assert line.email.isprintable()
        assert not set(line.email) & set(' <>(),;:"[]\\')


@pytest.mark.parametrize(
    ("typed", "name"),
    [("\u200b <ana@x.example>", "ana@x.example"), ("\u202eAna <ana@x.example>", "Ana")],
)
def test_a_name_shows_something_and_turns_nothing_around(typed: str, name: str) -> None:
    [line] = read_lines(typed)
    assert line.name == name
