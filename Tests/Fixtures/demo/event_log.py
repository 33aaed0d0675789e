"""Event Log exports in the forms Windows writes: the channels, and what every event
of a kind has in common. The forms follow exports that Windows itself wrote.
"""
import collections
import datetime as dt
import random
import re

UTC = dt.timezone.utc
SCHEMA = "http://schemas.microsoft.com/win/2004/08/events/event"
HOST = "WEB01"
SCM = ("Service Control Manager", "{555908d1-a6d7-4695-8e1e-26931d2012f4}")
# When the host was last started.
BOOT = dt.datetime(2026, 3, 10, 22, 29, 31, 498312, UTC)

digits = random.Random(2026)


def stamp(when):
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond:06}{digits.randrange(10)}Z"


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unnamed(*values):
    return "".join(f"<Data>{escaped(str(v))}</Data>" for v in values)


def named(**values):
    return "".join(f"<Data Name='{k}'>{escaped(str(v))}</Data>" for k, v in values.items())


def utf16(text):
    return text.encode("utf-16-le").hex().upper()


def after(when, **delta):
    return when + dt.timedelta(**delta)


class Channel:
    """One event log: collects events in any order, writes them numbered by time."""

    def __init__(self, name, first_id):
        self.name, self.first_id, self.events = name, first_id, []

    def add(self, when, provider, event_id, payload="", *, guid=None, source=None,
            qualifiers=None, version=0, level=4, task=0, opcode=0,
            keywords="0x80000000000000", pid=0, tid=0, user=None, user_data=False,
            payload_name=None, rendering=""):
        when = after(when, microseconds=digits.randrange(900))
        who = f"<Provider Name='{provider}'"
        who += f" Guid='{guid}'" if guid else ""
        who += f" EventSourceName='{source}'" if source else ""
        number = f" Qualifiers='{qualifiers}'" if qualifiers is not None else ""
        security = f"<Security UserID='{user}'/>" if user else "<Security/>"
        if user_data:
            body = f"<UserData>{payload}</UserData>"
        else:
            name = f" Name='{payload_name}'" if payload_name else ""
            body = f"<EventData{name}>{payload}</EventData>"
        self.events.append((when, (
            f"<Event xmlns='{SCHEMA}'><System>{who}/><EventID{number}>{event_id}</EventID>"
            f"<Version>{version}</Version><Level>{level}</Level><Task>{task}</Task>"
            f"<Opcode>{opcode}</Opcode><Keywords>{keywords}</Keywords>"
            f"<TimeCreated SystemTime='{stamp(when)}'/><EventRecordID>", (
                f"</EventRecordID><Correlation/><Execution ProcessID='{pid}' ThreadID='{tid}'/>"
                f"<Channel>{self.name}</Channel><Computer>{HOST}</Computer>{security}</System>"
                f"{body}{rendering}</Event>"))))

    def counts(self):
        """How often each `provider id` is there."""
        found = collections.Counter()
        for _, (head, _) in self.events:
            name, number = re.search(r"Name='([^']+)'.*?<EventID[^>]*>(\d+)", head).groups()
            found[f"{name} {number}"] += 1
        return dict(sorted(found.items()))

    def lines(self):
        self.events.sort(key=lambda e: e[0])
        for i, (_, (head, tail)) in enumerate(self.events):
            yield f"{head}{self.first_id + i}{tail}"


LEVELS = {2: "Error", 3: "Warning", 4: "Information"}


def rendered(text, level, *parts, provider=None, channel=None, classic=True):
    """RenderingInfo as Event Viewer saves it: what has no name is left out."""
    body = escaped(text).replace("\r", "&#13;").replace("\n", "&#10;")
    body = f"<Message>{body}</Message><Level>{LEVELS[level]}</Level>" + "".join(parts)
    body += f"<Channel>{channel}</Channel>" if channel else ""
    body += f"<Provider>{provider}</Provider>" if provider else ""
    body += "<Keywords><Keyword>Classic</Keyword></Keywords>" if classic else ""
    return f"<RenderingInfo Culture='en-US'>{body}</RenderingInfo>"


NO_TASK = ("<Task>None</Task>", "<Opcode>Info</Opcode>")


def eventlog(log, when, event_id, payload):
    log.add(when, "EventLog", event_id, payload, qualifiers=32768, pid=1604, tid=1688)


def scm(log, when, event_id, *values, level=4, qualifiers=16384, key=None, user=None):
    payload = named(**{f"param{i + 1}": v for i, v in enumerate(values)})
    payload += f"<Binary>{utf16(key)}0000</Binary>" if key else ""
    log.add(when, SCM[0], event_id, payload, guid=SCM[1], source=SCM[0], level=level,
            qualifiers=qualifiers, keywords="0x8080000000000000", pid=896,
            tid=4 * digits.randrange(250, 2400), user=user)


def state(log, when, name, text, key):
    scm(log, when, 7036, name, text, key=key)


def microsoft(log, when, name, event_id, guid, payload="", **rest):
    rest = {"keywords": "0x8000000000000000", "pid": 4, "tid": 8, "user": "S-1-5-18"} | rest
    log.add(when, "Microsoft-Windows-" + name, event_id, payload, guid=guid, **rest)
