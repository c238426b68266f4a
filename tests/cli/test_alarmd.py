"""The verb that receives alarms starts alone: nothing of the web application is loaded."""

import subprocess
import sys
from pathlib import Path

from livlina.cli.surroundings import python_path


def test_the_verb_checks_a_file_without_loading_django(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(f'receiver = "a"\nfolder = "{tmp_path}/site"\n')
    look = "import sys; from livlina.cli import main; code = main(sys.argv[1:]); "
    look += "assert 'django' not in sys.modules; sys.exit(code)"

    def checked() -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-c", look, "alarmd", "--check", "--config", str(file)]
        return subprocess.run(
            words, env={"PYTHONPATH": python_path()}, capture_output=True, text=True, check=False
        )

    right = checked()
    assert (right.returncode, right.stderr) == (0, "")
    assert "right, for receiver a" in right.stdout
    file.write_text('receiver = "a"\n')
    wrong = checked()
    assert (wrong.returncode, wrong.stderr) == (1, "livlina alarmd: needs “folder”.\n")
