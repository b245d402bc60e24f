"""``python -m spliceai_cli`` runs ``spliceai-cli``."""

from spliceai_cli.cli.main import group_main

if __name__ == "__main__":
    group_main()
