"""How the documentation is built: `sphinx-build docs docs/_build`."""

project = "Livlina"
author = "Livlina contributors"
copyright = "2026, Livlina contributors"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "Livlina"
language = "en"
exclude_patterns = ["_build"]
