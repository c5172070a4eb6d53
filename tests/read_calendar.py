"""Reads a calendar by Debian's python3-icalendar, as a phone might: prints its events as JSON."""
import json
import sys
from icalendar import Calendar

calendar = Calendar.from_ical(sys.stdin.buffer.read())
print(json.dumps({
    "version": str(calendar["VERSION"]),
    "events": [{"uid": str(e["UID"]), "start": e["DTSTART"].dt.isoformat(), "end": e["DTEND"].dt.isoformat(),
                "title": str(e["SUMMARY"])} for e in calendar.walk("VEVENT")],
}))
