"""A dossier knows which of a row's parties it is about."""

from __future__ import annotations

import pytest

from detectors.framework.dossier import Dossier
from schemas.subject import Tokens

TOKENS = Tokens("a secret of this test")
PERSON, OTHER, FIRM = "371102189901010033", "37110218990101005X", "91371102MA3C00001X"


def test_a_number_names_the_subject_only_of_its_own_dossier() -> None:
    person = Dossier(TOKENS.subject("person", PERSON), token=TOKENS.person)
    firm = Dossier(f"organisation:{FIRM}", token=TOKENS.person)

    assert person.is_subject(PERSON)
    assert not any(map(person.is_subject, (OTHER, FIRM, "", person.key)))
    assert firm.is_subject(FIRM)
    assert not any(map(firm.is_subject, (PERSON, "", person.key)))


def test_a_persons_dossier_without_the_token_does_not_guess() -> None:
    with pytest.raises(LookupError):
        Dossier(TOKENS.subject("person", PERSON)).is_subject(PERSON)
    assert Dossier(f"organisation:{FIRM}").is_subject(FIRM)
