"""``python -m socialflow.cli``: the same as the command ``socialflow``."""

from __future__ import annotations

import sys

from socialflow.cli import main

sys.exit(main())
