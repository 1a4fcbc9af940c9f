"""Settings: where they come from, and what a wrong one says."""

import pytest

from rag.errors import SettingError
from rag.settings import load_settings


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """No settings but those of the test."""
    monkeypatch.chdir(tmp_path)
    for name in ("FOOTNOTE_TOP_K", "FOOTNOTE_QDRANT_API_KEY", "FOOTNOTE_DATA_DIR", "FOOTNOTE_COLLECTION"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_an_explicit_value_beats_the_environment_beats_the_file_beats_the_default(own_folder, monkeypatch):
    assert load_settings().top_k == 8
    (own_folder / "footnote.toml").write_text("top_k = 5\n")
    assert load_settings().top_k == 5
    monkeypatch.setenv("FOOTNOTE_TOP_K", "6")
    assert load_settings().top_k == 6
    assert load_settings(top_k=7).top_k == 7


def test_an_override_of_none_is_not_given():
    """Options that a user left out fall back to the other sources."""
    assert load_settings(top_k=None, collection=None).top_k == 8


@pytest.mark.parametrize("wrong", ["abc", "0", "1000"])
def test_a_wrong_value_names_its_variable_and_the_value(monkeypatch, wrong):
    monkeypatch.setenv("FOOTNOTE_TOP_K", wrong)
    with pytest.raises(SettingError, match=f"FOOTNOTE_TOP_K='{wrong}': "):
        load_settings()


def test_every_wrong_value_is_named_at_once(monkeypatch):
    monkeypatch.setenv("FOOTNOTE_TOP_K", "abc")
    monkeypatch.setenv("FOOTNOTE_COLLECTION", "../etc")
    with pytest.raises(SettingError, match=r"FOOTNOTE_COLLECTION.*FOOTNOTE_TOP_K"):
        load_settings()


def test_an_unknown_key_of_the_file_is_named(own_folder):
    (own_folder / "footnote.toml").write_text("top_kk = 5\n")
    with pytest.raises(SettingError, match=r"footnote\.toml has no setting named 'top_kk'"):
        load_settings()


def test_a_broken_file_is_named(own_folder):
    (own_folder / "footnote.toml").write_text("top_k = = 5\n")
    with pytest.raises(SettingError, match=r"footnote\.toml cannot be read"):
        load_settings()


def test_secrets_mask_themselves(monkeypatch):
    monkeypatch.setenv("FOOTNOTE_QDRANT_API_KEY", "swordfish")
    settings = load_settings()
    assert "swordfish" not in repr(settings) + str(settings) + settings.model_dump_json()
    assert settings.qdrant_api_key is not None
    assert settings.qdrant_api_key.get_secret_value() == "swordfish"


def test_a_wrong_secret_is_not_told(own_folder):
    (own_folder / "footnote.toml").write_text('qdrant_api_key = ["swordfish"]\n')
    with pytest.raises(SettingError, match="FOOTNOTE_QDRANT_API_KEY") as raised:
        load_settings()
    assert "swordfish" not in str(raised.value)


def test_settings_cannot_be_changed_once_read():
    with pytest.raises(ValueError, match="frozen"):
        load_settings().top_k = 3
