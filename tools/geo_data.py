"""Brings the free geo databases: ``python tools/geo_data.py [DIR]``. The same as ``keeneye.lookups.build_geo``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "server"))

from keeneye.lookups.build_geo import main

if __name__ == "__main__":
    sys.exit(main())
