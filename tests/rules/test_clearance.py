"""What lets a file out: whatever is not known to be well holds it back."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rules.clearance import Approval, Case, Classification, Encryption, Need, Scan, missing
from rules.seal import Seal

TOLD = Encryption("age", "Ana Alvarez", "ana@northwind.example")
PLAIN = Case(Classification.customer, Scan.clean, None, frozenset({"ana", "yuki"}))
SEALED = replace(PLAIN, scan=Scan.unreadable, encryption=TOLD)
PERSONAL = replace(PLAIN, classification=Classification.personal)
CASES = st.builds(
    Case,
    st.sampled_from(Classification),
    st.sampled_from(Scan),
    st.sampled_from([None, Encryption(), TOLD]),
    st.just(frozenset({"ana"})),
    st.lists(st.builds(Approval, st.sampled_from(["ana", "ben"]), st.booleans()), max_size=3).map(
        tuple
    ),
    has_space=st.booleans(),
    is_whole=st.booleans(),
    has_expiry=st.booleans(),
    seal=st.sampled_from(Seal),
)


def test_a_clean_file_needs_nobody() -> None:
    assert missing(PLAIN) == ()
    assert missing(replace(PLAIN, scan=Scan.off)) == ()


def test_a_scanner_that_is_silent_or_finds_something_holds_it_back() -> None:
    assert missing(replace(PLAIN, scan=Scan.waiting)) == (Need.scan,)
    assert missing(replace(PLAIN, scan=Scan.infected)) == (Need.infected,)


def test_what_cannot_be_scanned_needs_its_facts_and_somebody_else() -> None:
    assert missing(SEALED) == (Need.second_person,)
    assert missing(replace(SEALED, encryption=None)) == (Need.encryption_facts, Need.second_person)
    assert missing(replace(PLAIN, scan=Scan.too_large)) == (Need.second_person,)
    assert missing(replace(PLAIN, seal=Seal.unclear)) == (Need.second_person,)
    without = replace(SEALED, encryption=replace(TOLD, key_holder=" "))
    assert Need.encryption_facts in missing(without)
    assert missing(replace(SEALED, approvals=(Approval("ana"), Approval("yuki")))) == (
        Need.second_person,
    )
    assert missing(replace(SEALED, approvals=(Approval("ben"),))) == ()


def test_personal_data_needs_a_privacy_approver_with_no_part_in_it() -> None:
    for word in (Approval("ben"), Approval("ana", is_of_privacy=True)):
        assert missing(replace(PERSONAL, approvals=(word,))) == (Need.privacy_approver,)
    assert missing(replace(PERSONAL, approvals=(Approval("ben", is_of_privacy=True),))) == ()


@given(CASES)
def test_what_its_bytes_say_is_encrypted_goes_out_with_its_facts_and_by_two(case: Case) -> None:
    if case.seal.is_shut and not missing(case):
        assert case.encryption
        assert case.encryption.is_told
        assert any(map(case.counts, case.approvals))


def test_what_anybody_can_read_is_still_decided_by_two_where_its_sender_says_otherwise() -> None:
    said = replace(PLAIN, encryption=TOLD, seal=Seal.open)
    assert said.is_doubted
    assert missing(said) == (Need.second_person,)
    assert missing(replace(PLAIN, seal=Seal.open)) == ()


@given(CASES)
def test_nothing_goes_out_that_is_not_known_to_be_well(case: Case) -> None:
    if missing(case):
        return
    assert case.scan not in {Scan.waiting, Scan.infected}
    assert case.is_whole
    assert case.has_space
    assert case.has_expiry
    if case.needs_second_person:
        assert "ben" in {each.person for each in case.approvals}


@given(CASES)
def test_a_word_more_never_holds_it_back(case: Case) -> None:
    more = replace(case, approvals=(*case.approvals, Approval("cleo", is_of_privacy=True)))
    assert set(missing(more)) <= set(missing(case))


@given(CASES, st.sampled_from(Classification))
def test_what_was_reviewed_once_is_let_out_by_nobody_alone(
    case: Case, said: Classification
) -> None:
    later = replace(case, classification=said, was_reviewed=True, approvals=())
    assert {Need.second_person, Need.privacy_approver} & set(missing(later))


@given(CASES, st.sampled_from(Classification))
def test_what_was_data_of_persons_once_takes_a_privacy_approver(
    case: Case, said: Classification
) -> None:
    later = replace(case, classification=said, was_personal=True)
    approved = replace(later, approvals=(Approval("ben"),))
    assert Need.privacy_approver in missing(approved)
    by_privacy = replace(later, approvals=(Approval("ben", is_of_privacy=True),))
    assert Need.privacy_approver not in missing(by_privacy)
