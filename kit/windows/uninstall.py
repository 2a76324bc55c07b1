"""Take links, PATH and the entry in the list of programs out of this account; uninstall.cmd removes the folder then.

With the word ``open`` it says why that cannot be done.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).absolute().parent))
import account

OPEN = (
    "shelterctl is open. Close its windows, then run this once more. Nothing was changed.",
    "Программа shelterctl открыта. Закройте её окна и запустите это ещё раз. Ничего не изменено.",
)
LEFT = (
    "shelterctl is taken out of this account. Your key and your store stay where they are.",
    "Программа shelterctl убрана из вашей учётной записи. Ключ и хранилище остались на месте.",
)

if sys.argv[1:] == ["open"]:
    english, russian = OPEN
else:
    account.left()
    english, russian = LEFT
sys.stdout.reconfigure(encoding="utf-8")
sys.stdout.write(f"\n{english}\n\n{russian}\n")
