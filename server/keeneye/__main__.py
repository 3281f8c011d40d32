"""``python -m keeneye``."""

from keeneye.cli import main

if __name__ == "__main__":
    main()
