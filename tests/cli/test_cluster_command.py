"""``livlina cluster``: what it writes, and what it says when it cannot."""

import json
from pathlib import Path

import pytest
import yaml

from livlina.cli import main
from livlina.cluster.local import free_ports


def test_a_node_gets_its_settings_readable_by_its_own_account_alone(tmp_path: Path, capsys) -> None:
    assert main(["cluster", "init", "--example"]) == 0
    (tmp_path / "plan.toml").write_text(capsys.readouterr().out)
    words = ["cluster", "init", "--plan", str(tmp_path / "plan.toml"), "--into", str(tmp_path)]
    assert main([*words, "--node", "b"]) == 0
    secrets = json.loads((tmp_path / "secrets.json").read_text())
    told = yaml.safe_load((tmp_path / "patroni.d" / "10-node.yml").read_text())
    assert (told["name"], told["postgresql"]["authentication"]["superuser"]["password"]) == (
        "b",
        secrets["super"],
    )
    assert yaml.safe_load((tmp_path / "etcd.yml").read_text())["peer-transport-security"]["client-cert-auth"]
    for file in ("secrets.json", "patroni.d/10-node.yml", "etcd.yml"):
        assert (tmp_path / file).stat().st_mode & 0o077 == 0
    assert main([*words, "--node", "b"]) == 0  # once more: the same passwords
    assert json.loads((tmp_path / "secrets.json").read_text()) == secrets
    assert main(words) == 0  # a machine without PostgreSQL gets HAProxy's alone
    assert "/health/deep" in (tmp_path / "haproxy.cfg").read_text()
    assert not any(secret in (tmp_path / "haproxy.cfg").read_text() for secret in secrets.values())


@pytest.mark.parametrize("what", ["status", "switch", "rejoin"])
def test_when_no_node_answers_it_says_so(tmp_path: Path, capsys, what: str) -> None:
    ports = iter(free_ports(3))
    nodes = [{"name": name, "address": "127.0.0.1", "patroni": next(ports)} for name in "abc"]
    secrets = dict.fromkeys(("super", "replication", "rewind", "guard", "rest"), "x")
    (tmp_path / "secrets.json").write_text(json.dumps(secrets))
    told = {"name": "town", "nodes": nodes, "secrets": str(tmp_path / "secrets.json")}
    (tmp_path / "plan.json").write_text(json.dumps(told))
    assert main(["cluster", what, "b", "--plan", str(tmp_path / "plan.json")]) == 1
    assert "refused" in capsys.readouterr().err


def test_a_plan_that_is_not_there_or_names_no_such_node_is_told_in_a_sentence(tmp_path: Path, capsys) -> None:
    assert main(["cluster", "status", "--plan", str(tmp_path / "none.toml")]) == 1
    assert "cannot be read" in capsys.readouterr().err
