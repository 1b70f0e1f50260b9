from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from qa.errors import SettingsError
from qa.settings import Settings, load_settings, settings_template


def load(
    tmp_path: Path,
    user: str = "",
    project: str = "",
    *,
    environ: Mapping[str, object] | None = None,
    options: Mapping[str, object] | None = None,
) -> Settings:
    user_file, project_file = tmp_path / "config.toml", tmp_path / "qa.toml"
    user_file.write_text(user)
    project_file.write_text(project)
    variables = {key: str(value) for key, value in (environ or {}).items()}
    settings, _ = load_settings(
        user_file=user_file, project_file=project_file, environ=variables, options=options or {}
    )
    return settings


def test_each_layer_overrides_the_one_before(tmp_path: Path) -> None:
    assert load(tmp_path).passages == Settings().passages
    assert load(tmp_path, "passages = 3").passages == 3
    assert load(tmp_path, "passages = 3", "passages = 4").passages == 4
    assert load(tmp_path, "passages = 3", "passages = 4", environ={"QA_PASSAGES": 5}).passages == 5
    found = load(tmp_path, "passages = 3", "passages = 4", environ={"QA_PASSAGES": 5}, options={"passages": 6})
    assert found.passages == 6


def test_an_option_that_is_not_given_overrides_nothing(tmp_path: Path) -> None:
    assert load(tmp_path, "encoding = 'cp1252'", options={"encoding": None}).encoding == "cp1252"


def test_an_unknown_key_is_an_error_that_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"config\.toml.*'exlude'.*'exclude'"):
        load(tmp_path, "exlude = ['a']")
    with pytest.raises(SettingsError, match=r"QA_PASAGES.*QA_PASSAGES"):
        load(tmp_path, environ={"QA_PASAGES": 5})


def test_variables_of_other_programs_are_left_alone(tmp_path: Path) -> None:
    assert load(tmp_path, environ={"QA_TEAM_HOME": "x"}) == Settings()


@pytest.mark.parametrize("key", ["model", "index", "cache_dir", "data_dir", "history", "history_days"])
def test_a_project_file_cannot_name_models_or_places(tmp_path: Path, key: str) -> None:
    with pytest.raises(SettingsError, match=f"{key} cannot be set in a project's file"):
        load(tmp_path, project=f"{key} = '/somewhere'")


@pytest.mark.parametrize(
    "line",
    [
        "passages = true",
        "passages = 'many'",
        "max_file_mb = -1",
        "passages = 0",
        "exclude = 3",
        "model = 3",
        "history = 'perhaps'",
        "history_days = -1",
        "history_days = 1.5",
    ],
)
def test_a_value_of_the_wrong_type_is_an_error_that_names_it(tmp_path: Path, line: str) -> None:
    with pytest.raises(SettingsError, match=line.split()[0]):
        load(tmp_path, line)


def test_a_file_that_is_not_toml_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"config\.toml cannot be read"):
        load(tmp_path, "passages: 3")


def test_a_switch_takes_words_where_only_text_can_be_given(tmp_path: Path) -> None:
    assert load(tmp_path).history
    assert not load(tmp_path, "history = false").history
    for word in ("no", "0", "OFF", "false"):
        assert not load(tmp_path, environ={"QA_HISTORY": word}).history
    assert load(tmp_path, "history = false", environ={"QA_HISTORY": "yes"}).history
    assert load(tmp_path, "history_days = 0").history_days == 0


def test_exclude_takes_a_list_or_commas(tmp_path: Path) -> None:
    assert load(tmp_path, "exclude = ['a*', 'b']").exclude == ("a*", "b")
    assert load(tmp_path, environ={"QA_EXCLUDE": "a*, b"}).exclude == ("a*", "b")


def test_the_template_names_every_setting_and_parses_when_uncommented(tmp_path: Path) -> None:
    template = settings_template()
    assert tomllib.loads(template) == {}
    lines = [line[2:] if " = " in line and line.startswith("# ") else "" for line in template.splitlines()]
    uncommented = "\n".join(lines)
    assert load(tmp_path, uncommented) == Settings()


def test_columns_of_tables_are_named_in_a_file_a_variable_or_an_option(tmp_path: Path) -> None:
    assert load(tmp_path, "fields = ['text=Story', 'title=A, B']").fields == ("text=Story", "title=A, B")
    assert load(tmp_path, environ={"QA_FIELDS": "text=Story, title=Headline"}).fields == (
        "text=Story",
        "title=Headline",
    )
    assert load(tmp_path, options={"fields": ("text=Story",)}).fields == ("text=Story",)
    with pytest.raises(SettingsError, match=r"'body=Story' must be NAME=COLUMN, with one of text, title, date"):
        load(tmp_path, "fields = ['body=Story']")
    with pytest.raises(SettingsError, match="must be a list such as"):
        load(tmp_path, "fields = 3")


@pytest.mark.parametrize("key", ["max_rows", "read_seconds", "read_memory_mb", "max_unpacked_mb"])
def test_a_limit_is_more_than_nothing(tmp_path: Path, key: str) -> None:
    with pytest.raises(SettingsError, match=f"{key} = 0 must be at least"):
        load(tmp_path, f"{key} = 0")
