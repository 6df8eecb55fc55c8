"""Lists of readers, calendars and scripts of any length that cost some reader more than they are long.

As in shapes.py, of which these are the like: benchmarks/growing.py measures them.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.hostile.makers import Make, again, counted, units

LISTS: Mapping[str, Make] = {
    "rows": counted("a@x.example,Ana\n", "email,name\n"),
    "one address": again("a@x.example\n", "email\n"),
    "a quotation mark": again("a", 'email,name\na@x.example,"'),
    "quotation marks": again('"', "email,name\n"),
    "pairs of quotation marks": again('""', 'email,name\na@x.example,"', '"\n'),
    "lines that open a quotation": again('"a\n', "email,name\n"),
    "lines within a quotation": again("a\n", 'email,name\na@x.example,"', '"\n'),
    "commas": again(",", "email,name\n"),
    "columns": counted("c@,", "email,", "z\na@x.example\n"),
    "semicolons": again(";", "email;name\n"),
    "tabs": again("\t", "email\tname\n"),
    "one word": again("a", "email\n"),
    "signs of an address": again("@", "email\n"),
    "dots": again(".", "email\na@x", "example\n"),
    "letters of an own domain": again("ü", "email\na@", ".example\n"),
    "blank lines": again("\n", "email\n"),
    "returns": again("\r", "email\n"),
    "marks on a letter": again("\u0301", "email,name\na@x.example,a", "\n"),
    "a date of digits": again("1", "email,created_at\na@x.example,", "\n"),
    "a date of words": again("mar ", "email,created_at\na@x.example,", "\n"),
    "tags": again("a,", 'email,tags\na@x.example,"', '"\n'),
    "columns of names": again('"name",', "email,", "z\n"),
    "JSON within JSON": again('{"a":', '{"email": "a@x.example", "x": '),
    "lists of JSON": again("[", '{"email": "a@x.example", "x": '),
    "rows of JSON": counted('{"email": "a@x.example"}\n'),
    "a text of JSON": again("a", '{"email": "', '"}\n'),
    "escapes of JSON": again('"\\ud800",', '{"email": "a@x.example", "x": [', '""]}\n'),
    "digits of JSON": again("9", '{"email": "a@x.example", "x": ', "}\n"),
}

_EVENT = "BEGIN:VEVENT\r\nUID:{}\r\nDTSTART;VALUE=DATE:20261225\r\n{}END:VEVENT\r\n"
_BEGIN, _END = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "END:VCALENDAR\r\n"


def _within(before: str, unit: str, after: str = "\r\n") -> Make:
    """One event, with a long property."""
    return again(unit, _BEGIN + "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261225\r\n" + before,
                 after + "END:VEVENT\r\n" + _END)  # fmt: skip


CALENDARS: Mapping[str, Make] = {
    "events": counted(_EVENT.format("@", ""), _BEGIN, _END),
    "events of one name": again(_EVENT.format("1", ""), _BEGIN, _END),
    "events without a name": again(_EVENT.format("", ""), _BEGIN, _END),
    "yearly events": counted(_EVENT.format("@", "RRULE:FREQ=YEARLY;COUNT=5\r\n"), _BEGIN, _END),
    "instances": counted(_EVENT.format("1", "RECURRENCE-ID;VALUE=DATE:20261225\r\n"), _BEGIN, _END),
    "events within events": again("BEGIN:VEVENT\r\n", _BEGIN),
    "calendars": again(_BEGIN + _END),
    "calendars within calendars": again("BEGIN:VCALENDAR\r\n"),
    "ends": again("END:VEVENT\r\n", _BEGIN),
    "zones": counted(
        "BEGIN:VTIMEZONE\r\nTZID:z@\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n",
        _BEGIN,
        _END,
    ),
    "a summary": _within("SUMMARY:", "a"),
    "a folded summary": _within("SUMMARY:", "\r\n a"),
    "escapes": _within("SUMMARY:", "\\n\\,\\;"),
    "quotation marks": _within("SUMMARY;X=", '"'),
    "parameters": _within("SUMMARY", ";A=b", ":x\r\n"),
    "values of a parameter": _within("SUMMARY;A=b", ",b", ":x\r\n"),
    "added days": _within("RDATE;VALUE=DATE:20270101", ",20270101"),
    "days taken out": _within(
        "RRULE:FREQ=DAILY;COUNT=9\r\nEXDATE;VALUE=DATE:20261226", ",20261226"
    ),
    "lines of added days": _within("", "RDATE;VALUE=DATE:20270101\r\n", ""),
    "rules": _within("", "RRULE:FREQ=YEARLY;COUNT=2\r\n", ""),
    "parts of a rule": _within("RRULE:FREQ=YEARLY;BYMONTHDAY=1", ",1"),
    "digits of a rule": _within("RRULE:FREQ=YEARLY;COUNT=1", "1"),
    "digits of a length": _within("DURATION:P1", "1", "D\r\n"),
    "properties": _within("", "X-A:b\r\n", ""),
    "blank lines": again("\r\n", _BEGIN, _END),
    "lines that are none": again("a\r\n", _BEGIN, _END),
    "zeros": again("\0"),
    "letters": again("a"),
}

SCRIPTS: Mapping[str, Make] = {
    name: lambda n, make=make: f"export default {{a: 1, b: {make(n)}"
    for name, make in units('\\` \\" \\\' /[ /[a] `\\ "a⏎ /* // {a: [ ( ${ `${ 1. a. =>').items()
}
