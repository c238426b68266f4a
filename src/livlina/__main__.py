"""``python -m livlina``: what the script ``livlina`` hands over to."""

import sys

from livlina.cli import main

sys.exit(main())
