from spliceai_cli import __version__

project = "spliceai-cli"
author = "The spliceai_cli developers"
copyright = "2026, The spliceai_cli developers"
release = version = __version__

extensions = ["myst_nb"]
myst_heading_anchors = 4
# The notebook shows what is stored in it; tests/test_notebook.py runs it.
nb_execution_mode = "off"
html_theme = "furo"
html_title = f"spliceai-cli {__version__}"
exclude_patterns = ["_build"]
