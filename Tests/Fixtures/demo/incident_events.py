"""The events of the incident itself, and the two exports.

Times of NSSM's events come from the lives of the process, so they fit the log.
"""
import datetime as dt
import os
import re

import host_events
from event_log import (
    BOOT, NO_TASK, UTC, Channel, after, digits, microsoft, named, rendered, scm, stamp, state,
    unnamed)

SERVICE = "payment-gateway"
FOLDER = "C:\\svc\\payment-gateway"
PROGRAM = FOLDER + "\\payment-gateway.exe"
FLAGS = "-listen 127.0.0.1:8443 -data data"
# AppThrottle, milliseconds.
THROTTLE = 1500
# Text, severity bits and level of the NSSM messages used here.
NSSM = {
    1008: ("Started {0} {1} for service {2} in {3}.", 16384, 4),
    1011: ("Killing process {1} because service {0} is stopping.", 16384, 4),
    1013: ("Program {0} for service {1} exited with return code {2}.", 16384, 4),
    1014: ("Service {0} action for exit code {1} is {2}.\r\nAttempting to restart {3}.",
           16384, 4),
    1023: ("Killing process tree of process {1} for service {0} with exit code {2}", 16384, 4),
    1027: ("Killing PID {0} in process tree of PID {1} because service {2} is stopping.",
           16384, 4),
    1034: ("Service {0} ran for less than {1} milliseconds.\r\n"
           "Restart will be delayed by {2} milliseconds.", 32768, 3),
    1040: ("Service {0} received {1} control, which will be handled.", 16384, 4),
}


def nssm(log, when, event_id, *values, pid):
    text, qualifiers, level = NSSM[event_id]
    log.add(when, "nssm", event_id, unnamed(*values), qualifiers=qualifiers, level=level,
            pid=pid, rendering=rendered(text.format(*values), level, *NO_TASK))


def started(log, when, service, program, flags, folder, pid):
    nssm(log, when, 1040, service, "START", pid=pid)
    nssm(log, after(when, seconds=1.547), 1008, program, flags, service, folder, pid=pid)


def gateway(log, lives):
    """The deployment of 1.8.3, then every life as NSSM saw it."""
    pid, app = 2984, 4612
    started(log, after(BOOT, seconds=38.2), SERVICE, PROGRAM, FLAGS, FOLDER, pid)
    stop = dt.datetime(2026, 3, 11, 5, 59, 31, 207441, UTC)
    nssm(log, stop, 1040, SERVICE, "STOP", pid=pid)
    nssm(log, after(stop, milliseconds=2), 1011, SERVICE, PROGRAM, pid=pid)
    nssm(log, after(stop, milliseconds=121), 1023, SERVICE, app, 0, pid=pid)
    nssm(log, after(stop, milliseconds=123), 1027, app, app, SERVICE, pid=pid)

    pid = 6108
    nssm(log, after(lives[0].start, milliseconds=-94), 1040, SERVICE, "START", pid=pid)
    for life in lives:
        app = life.pid
        ran = life.end - life.start
        up = min(after(life.start, milliseconds=THROTTLE + 12), after(life.end, milliseconds=3))
        nssm(log, up, 1008, PROGRAM, FLAGS, SERVICE, FOLDER, pid=pid)
        if life is lives[-1]:
            break
        gone = after(life.end, milliseconds=9)
        nssm(log, gone, 1013, PROGRAM, SERVICE, life.run.code, pid=pid)
        nssm(log, after(gone, milliseconds=2), 1023, SERVICE, app, life.run.code, pid=pid)
        nssm(log, after(gone, milliseconds=4), 1027, app, app, SERVICE, pid=pid)
        nssm(log, after(gone, milliseconds=61), 1014, SERVICE, life.run.code, "Restart", PROGRAM,
             pid=pid)
        if ran < dt.timedelta(milliseconds=THROTTLE):
            nssm(log, after(gone, milliseconds=64), 1034, SERVICE, THROTTLE, life.throttle, pid=pid)


def ledger_crash(application, system, when, count):
    """LedgerSync, a .NET service of its own, falls over as well."""
    exe = "C:\\Program Files\\LedgerSync\\LedgerSync.exe"
    module = "C:\\Windows\\System32\\KERNELBASE.dll"
    pid = 3300 + 172 * count
    report = f"8f4c1d2e-6b07-4c55-9a3e-71d0c2e5{4096 * count + 2741:04x}"
    text = (
        "Application: LedgerSync.exe\nCoreCLR Version: 8.0.1425.11118\n.NET Version: 8.0.14\n"
        "Description: The process was terminated due to an unhandled exception.\n"
        "Exception Info: System.InvalidOperationException: Charge is in the ledger twice.\n"
        "   at LedgerSync.Ledger.Insert(Charge charge)\n"
        "   at LedgerSync.Poller.FetchAsync(CancellationToken token)\n"
        "   at LedgerSync.Poller.RunAsync(CancellationToken token)\n")
    application.add(
        when, ".NET Runtime", 1026, unnamed(text), qualifiers=0, level=2, pid=pid,
        rendering=rendered(text, 2, *NO_TASK))
    values = dict(
        AppName="LedgerSync.exe", AppVersion="3.2.0.0", AppTimeStamp="67c1a2f4",
        ModuleName="KERNELBASE.dll", ModuleVersion="10.0.26100.3323",
        ModuleTimeStamp="a3e16d0b", ExceptionCode="e0434352", FaultingOffset="00000000000cb0ba",
        ProcessId=f"0x{pid:x}", ProcessCreationTime="0x1dcb0e2a7f3c41d", AppPath=exe,
        ModulePath=module, IntegratorReportId=report, PackageFullName="",
        PackageRelativeAppId="")
    text = (
        "Faulting application name: LedgerSync.exe, version: 3.2.0.0, time stamp: 0x67c1a2f4\r\n"
        "Faulting module name: KERNELBASE.dll, version: 10.0.26100.3323, time stamp: 0xa3e16d0b\r\n"
        "Exception code: 0xe0434352\r\nFault offset: 0x00000000000cb0ba\r\n"
        f"Faulting process id: 0x{pid:X}\r\n"
        "Faulting application start time: 0x1DCB0E2A7F3C41D\r\n"
        f"Faulting application path: {exe}\r\nFaulting module path: {module}\r\n"
        f"Report Id: {report}\r\nFaulting package full name: \r\n"
        "Faulting package-relative application ID: ")
    application.add(
        after(when, milliseconds=412), "Application Error", 1000, named(**values),
        guid="{a0e9b465-b939-57d7-b27d-95d8e925ff57}", level=2, task=100,
        keywords="0x8000000000000000", pid=pid + 36, tid=pid + 52, user="S-1-5-18",
        rendering=rendered(text, 2, "<Task>Application Crashing Events</Task>",
                           "<Opcode>Info</Opcode>", channel="Application", classic=False))
    scm(system, after(when, seconds=1.9), 7031, "Ledger Sync", count, 60000, 1,
        "Restart the service", level=2, qualifiers=49152, key="LedgerSync")
    state(system, after(when, seconds=62.3), "Ledger Sync", "running", "LedgerSync/4")


def exhaustion(log, life):
    """Windows' own detector, three minutes before the handles run out; handles and
    commit as the process itself reported them last."""
    handles, sys, when = 0, 0, life.start
    for seen, line in life.lines():
        if "too many open files" in line:
            break
        when = seen
        if m := re.search(r"msg=stats handles=(\d+)", line):
            handles = int(m[1])
        if m := re.search(r"Sys = (\d+) KB", line):
            sys = int(m[1]) * 1024
    when = after(when, seconds=-180)
    own = sys + 14_905_344
    limit = 5_033_164_800
    charge = limit - 41_943_040
    others = (("sqlservr.exe", 2188, 52, 412_090_368, 911, "2022.160.4175.1"),
              ("MsMpEng.exe", 3204, 31, 342_953_984, 1187, "4.18.25010.11"))
    processes = [(SERVICE + ".exe", life.pid, life.start, own, handles, "0.0.0.0")]
    processes += [(n, pid, after(BOOT, seconds=s), c, h, v) for n, pid, s, c, h, v in others]
    processes.sort(key=lambda p: -p[3])
    body = "".join(
        f"<Process_{i}><Name>{name}</Name><ID>{pid}</ID><CreationTime>{stamp(begun)}</CreationTime>"
        f"<CommitCharge>{commit}</CommitCharge><HandleCount>{count}</HandleCount>"
        f"<Version>{version}</Version><TypeInfo>{1000 - i}</TypeInfo></Process_{i}>"
        for i, (name, pid, begun, commit, count, version) in enumerate(processes, 1))
    microsoft(
        log, when, "Resource-Exhaustion-Detector", 2004,
        "{9988748e-c2e8-4054-85f6-0c3e1cad2470}",
        "<MemoryExhaustionInfo xmlns='http://www.microsoft.com/Windows/Resource/Exhaustion/"
        "Detector/Events'><SystemInfo>"
        f"<SystemCommitLimit>{limit}</SystemCommitLimit>"
        f"<SystemCommitCharge>{charge}</SystemCommitCharge>"
        f"<ProcessCommitCharge>{charge - 702_545_920}</ProcessCommitCharge>"
        "<PagedPoolUsage>211812352</PagedPoolUsage>"
        "<PhysicalMemorySize>4293902336</PhysicalMemorySize>"
        "<PhysicalMemoryUsage>4177526784</PhysicalMemoryUsage>"
        "<NonPagedPoolUsage>188743680</NonPagedPoolUsage><Processes>87</Processes></SystemInfo>"
        f"<ProcessInfo>{body}</ProcessInfo>"
        "<PagedPoolInfo><Tag_1><Name>MmSt</Name><PoolUsed>58720256</PoolUsed></Tag_1>"
        "</PagedPoolInfo><NonPagedPoolInfo><Tag_1><Name>File</Name><PoolUsed>24117248</PoolUsed>"
        "</Tag_1></NonPagedPoolInfo>"
        f"<ExhaustionEventInfo><Time>{stamp(when)}</Time></ExhaustionEventInfo>"
        "</MemoryExhaustionInfo>",
        level=3, task=3, opcode=33, keywords="0x8000000020000000", pid=1452, tid=6960,
        user_data=True)


def gateway_states(log, lives):
    """What the Service Control Manager sees of it: NSSM itself never dies."""
    state(log, dt.datetime(2026, 3, 11, 5, 59, 31, 402113, UTC), SERVICE, "stopped", SERVICE + "/1")
    state(log, after(lives[0].start, milliseconds=1513), SERVICE, "running", SERVICE + "/4")
    for life, following in zip(lives, lives[1:]):
        if life.throttle:
            state(log, after(life.end, milliseconds=75), SERVICE, "paused", SERVICE + "/7")
            up = min(after(following.start, milliseconds=THROTTLE + 13),
                     after(following.end, milliseconds=4))
            state(log, up, SERVICE, "running", SERVICE + "/4")


def write(folder, lives):
    for life in lives:
        life.pid = 4 * digits.randrange(900, 2600)
    application, system = Channel("Application", 48211), Channel("System", 91734)
    gateway(application, lives)
    # A second service under NSSM that is well.
    started(application, after(BOOT, seconds=39.6), "log-shipper",
            "C:\\svc\\log-shipper\\shipper.exe", "-config shipper.yaml",
            "C:\\svc\\log-shipper", 3016)
    host_events.ordinary_application(application)
    host_events.updates(system)
    host_events.reboot(system)
    host_events.ordinary_system(system)
    gateway_states(system, lives)
    for life in lives:
        if "too many open files" in life.run.text:
            exhaustion(system, life)
    first = lives[0].end
    for count, minutes in enumerate((0.6, 19.4, 47.1), 1):
        ledger_crash(application, system, after(first, minutes=minutes), count)

    # Event Viewer, "Save all events as", XML with display information: newest first.
    with open(os.path.join(folder, "Application.xml"), "w", newline="", encoding="utf-8-sig") as f:
        f.write('<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n<Events>')
        f.write("".join(reversed(list(application.lines()))))
        f.write("</Events>")
    # wevtutil qe System /f:xml > System.xml: no root, oldest first.
    with open(os.path.join(folder, "System.xml"), "w", newline="", encoding="utf-8") as f:
        f.writelines(line + "\r\n" for line in system.lines())
    return application, system
