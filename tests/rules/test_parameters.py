from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from rules.parameters import Parameters


def every_field(model: type[BaseModel]) -> Iterator[FieldInfo]:
    for field in model.model_fields.values():
        yield field
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from every_field(field.annotation)


def test_every_parameter_has_words_for_people() -> None:
    fields = list(every_field(Parameters))
    assert len(fields) > len(Parameters.model_fields)
    for field in fields:
        assert field.title
        assert field.description
        assert field.description.endswith(".")


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (
            {"health": {"weights": {"reliability": 0.5}}},
            r"must add up to 1, and these add up to 1.1: reliability 0.5, .*Lower them by 0.1",
        ),
        ({"priority": {"weights": {"volume": 0}}}, "add up to 0.8: .*Raise them by 0.2"),
        ({"priority": {"weights": {"volume": float("nan")}}}, "finite number"),
        (
            {"priority": {"weights": {"benefit": 0, "health": 0, "volume": 0}}},
            "these add up to 0: benefit 0, health 0, volume 0",
        ),
        ({"silence": {"churned_days": 3}}, r"churned_days \(3\) must be at least inactive_days"),
        ({"silence": {"churned_chance": 0.01}}, "inactive_chance .* at least churned_chance"),
        ({"health": {"green": 40}}, r"green \(40\) must be more than amber \(50\)"),
        ({"health": {"usual_silence": 0.0001}}, "health.usual_silence .* must be more than"),
        ({"prior_missed": 51}, "prior_missed .51. must be no more than prior_orders .50."),
    ],
)
def test_parameters_that_contradict_each_other_say_what_to_do(
    wrong: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValidationError, match=complaint):
        Parameters.model_validate(wrong)


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
    weights = {"benefit": 0.1, "health": 0.2, "volume": 0.7}
    chosen = Parameters.model_validate({"pilot_weeks": 1, "priority": {"weights": weights}})
    assert Parameters.model_validate_json(chosen.model_dump_json()) == chosen
