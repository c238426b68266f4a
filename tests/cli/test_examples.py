"""The examples in `deploy/` are what the programs accept."""

from pathlib import Path

from livlina.alarmd.config import read

DEPLOY = Path(__file__).parents[2] / "deploy"


def test_the_receivers_example_is_right_and_holds_no_secret():
    config = read(DEPLOY / "alarmd.example.toml")
    assert config.peer.name == "b"
    assert [one.kind for one in config.dispatch.suppliers] == ["sms", "sms", "voice"]
    assert "put-the-token" in config.exchange.token
