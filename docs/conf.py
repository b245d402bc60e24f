from spliceai_cli import __version__

project = "spliceai-cli"
author = "The spliceai_cli developers"
copyright = "2026, The spliceai_cli developers"
release = version = __version__

extensions = ["myst_parser"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = f"spliceai-cli {__version__}"
exclude_patterns = ["_build"]
