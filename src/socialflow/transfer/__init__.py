"""Transfer: everything in a store as lines of text, and back, whatever kind of store it is.

`export` says it, `import_into` proves it and then writes it.  Equal content gives equal lines.
"""

from __future__ import annotations

from socialflow.transfer.exporting import export
from socialflow.transfer.importing import Imported, import_into

__all__ = ["Imported", "export", "import_into"]
