import pytest

from rules.columns import COLUMNS, SCHEMAS, Kind, guess_kind, map_columns, plain
from rules.synonyms import SYNONYMS


@pytest.mark.parametrize(
    ("header", "canonical"),
    [
        ("Store ID", "location_id"),
        ("  store-number ", "location_id"),
        ("Account", "customer_id"),
        ("ACCOUNT NAME", "customer_name"),
        ("Merchant", "customer_name"),
        ("Brand", "customer_name"),
        ("CSM", "csa_email"),
        ("Owner e-mail", "csa_email"),
        ("Last order date", "last_order_on"),
        ("Orders (28d)", "orders_28d"),
        ("GMV", "gmv_28d"),
        ("TZ", "timezone"),
        ("Go-live", "signed_up_on"),
    ],
)
def test_a_header_is_known_by_the_names_people_give_it(header: str, canonical: str) -> None:
    assert map_columns(Kind.master, [header]).columns == {canonical: header}


def test_the_exact_name_wins_over_a_synonym_and_the_loser_is_shown() -> None:
    mapping = map_columns(Kind.master, ["Store", "location_id", "colour"])

    assert mapping.columns == {"location_id": "location_id"}
    assert mapping.conflicts == {"Store": "location_id"}
    assert mapping.ignored == ("colour",)
    assert mapping.synonyms == ()
    assert mapping.missing == ("customer_id", "customer_name", "csa_email")
    assert mapping.canonical == {"location_id": "location_id", "Store": None, "colour": None}


def test_a_repeated_header_loses_to_the_first() -> None:
    mapping = map_columns(Kind.features, ["Key", "Key (column C)"])

    assert mapping.columns == {"key": "Key"}
    assert mapping.conflicts == {"Key (column C)": "Key"}


@pytest.mark.parametrize("kind", list(Kind))
def test_no_name_stands_for_two_columns_of_a_kind(kind: Kind) -> None:
    names = {(plain(column.name), column.name) for column in COLUMNS[kind]}
    for name, words in SYNONYMS[kind].items():
        names |= {(plain(word), name) for word in words.split(",")}
    words_alone = [word for word, _ in names]

    assert len(words_alone) == len(set(words_alone))
    assert set(SYNONYMS[kind]) <= set(SCHEMAS[kind])


@pytest.mark.parametrize("kind", list(Kind))
def test_a_sheet_with_all_columns_of_a_kind_is_taken_for_it(kind: Kind) -> None:
    assert guess_kind([column.name for column in COLUMNS[kind]]) is kind


@pytest.mark.parametrize("kind", list(Kind))
def test_the_required_columns_alone_tell_the_kind(kind: Kind) -> None:
    required = [column.name for column in COLUMNS[kind] if column.required]
    if kind is Kind.escalated_stores:
        required.append("wished_on")

    assert guess_kind(required) is kind


def test_headers_that_name_nothing_are_of_no_kind() -> None:
    assert guess_kind(["colour", "size"]) is None
    assert guess_kind([]) is None


def test_one_cell_that_may_be_a_header_does_not_make_a_row_headers() -> None:
    assert guess_kind(["7", "C1", "Store", "ana@example.com"]) is None
    assert guess_kind(["Store"]) is Kind.escalated_stores
    assert guess_kind(["location_id", "colour"]) is Kind.escalated_stores
