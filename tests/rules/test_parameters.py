import pytest
from pydantic import ValidationError

from rules.parameters import Parameters


def test_every_parameter_has_words_for_people() -> None:
    for field in Parameters.model_fields.values():
        assert field.title
        assert field.description
        assert field.description.endswith(".")


@pytest.mark.parametrize(
    "wrong",
    [{"weeks": 0}, {"pilot_weeks": -1}, {"tardiness": float("nan")}, {"blackout_days": 5}],
)
def test_a_parameter_that_makes_no_sense_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Parameters.model_validate(wrong)


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(ValidationError, match="pilot_week"):
        Parameters.model_validate({"pilot_week": 3})


def test_parameters_survive_being_stored_with_a_plan() -> None:
    chosen = Parameters(pilot_weeks=1, move_cost=2.5)
    assert Parameters.model_validate_json(chosen.model_dump_json()) == chosen
