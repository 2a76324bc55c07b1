"""The lines of one journal: the last about a file is the one that sorting all lines by their files gives."""

from hypothesis import given
from hypothesis import strategies as st

from shelterctl.journal.device_log import DeviceLog

FILES = [f"residents/{name}.yaml.age" for name in "ABCDEFGHIJ"] + ["shelter.yaml", "residents/A.yaml"]


@given(st.lists(st.sampled_from(FILES)), st.lists(st.sampled_from(FILES)))
def test_the_last_line_about_a_file_is_found_however_many_are_asked_for(written: list[str], asked: list[str]) -> None:
    lines = [b'{"seq":%d,"file":"%s","did":"add"}' % (number, file.encode()) for number, file in enumerate(written)]
    log = DeviceLog.from_lines(b"".join(line + b"\n" for line in lines))
    last = dict(zip(written, lines, strict=True))
    for file in asked:
        assert log.last_line_about(file.encode()) == last.get(file)
