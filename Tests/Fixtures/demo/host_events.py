"""What a Windows Server 2025 host logs on an ordinary day: updates, a planned reboot,
licence checks, clocks. Nothing here is a fault.
"""
import datetime as dt
import struct

from event_log import (
    BOOT, HOST, NO_TASK, UTC, after, eventlog, microsoft, named, rendered, scm, stamp, state,
    unnamed, utf16)

GENERAL = "{a68ca8b7-004f-d7b6-a698-07e2de0f1f5d}"
UPDATE = "{945a8954-c147-4acd-923f-40c45405a658}"
CLOCK = "{06edcfeb-0fd0-4e53-acca-a6f8bbf81bcb}"


def ordinary_application(log):
    spp = dict(guid="{E23B33B0-C8C9-472C-A5F9-F2BDFEA0F156}",
               source="Software Protection Platform Service")
    for day, hour, minute in ((10, 20, 12), (10, 22, 31), (11, 4, 17), (11, 9, 17)):
        when = dt.datetime(2026, 3, day, hour, minute, 8, 371000 + 17 * minute, UTC)
        log.add(when, "Microsoft-Windows-Security-SPP", 16394, qualifiers=49152, pid=1148, **spp,
                rendering=rendered("Offline downlevel migration succeeded.", 4,
                                   provider="Microsoft-Windows-Security-SPP"))
        again = (when + dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        log.add(after(when, seconds=31), "Microsoft-Windows-Security-SPP", 16384,
                unnamed(again, "RulesEngine"), qualifiers=16384, pid=1148, **spp,
                rendering=rendered(
                    "Successfully scheduled Software Protection service for re-start at "
                    f"{again}. Reason: RulesEngine.", 4, provider="Microsoft-Windows-Security-SPP"))
    log.add(after(BOOT, seconds=22.4), "Microsoft-Windows-EventSystem", 4625,
            named(param1=86400, param2="SuppressDuplicateDuration",
                  param3="Software\\Microsoft\\EventSystem\\EventLog"),
            guid="{899daace-4868-4295-afcd-9eb8fb497561}", source="EventSystem",
            qualifiers=16384, pid=1876, rendering=rendered(
                "The EventSystem sub system is suppressing duplicate event log entries for a "
                "duration of 86400 seconds.  The suppression timeout can be controlled by a "
                "REG_DWORD value named SuppressDuplicateDuration under the following registry "
                "key: HKLM\\Software\\Microsoft\\EventSystem\\EventLog.", 4,
                provider="Microsoft-Windows-EventSystem"))
    for offset, number, text in (
            (23.1, 5615, "Windows Management Instrumentation Service started sucessfully"),
            (24.9, 5617, "Windows Management Instrumentation Service subsystems initialized "
                         "successfully")):
        log.add(after(BOOT, seconds=offset), "Microsoft-Windows-WMI", number,
                guid="{1edeee53-0afe-4609-b846-d8c0b2075b1f}", version=2,
                keywords="0x8000000000000000", pid=3044, tid=3128, user="S-1-5-18",
                rendering=rendered(text, 4, "<Opcode>Info</Opcode>", channel="Application",
                                   provider="Microsoft-Windows-WMI", classic=False))
    log.add(dt.datetime(2026, 3, 11, 2, 6, 40, 118220, UTC), "VSS", 8224, "<Data></Data>",
            qualifiers=0, pid=5528, rendering=rendered(
                "The VSS service is shutting down due to idle timeout. ", 4, *NO_TASK))


def uptime(log, when):
    about = "\0".join((
        "1.1", "0", "Windows Server 2025 Standard", "10.0.26100 Build 26100  ",
        "Multiprocessor Free", "26100.ge_release.240331-1435", "67c18a02", "Not Available",
        "Not Available", "2", "2", "4095", "409", HOST, "", ""))
    seconds = int((when - BOOT).total_seconds())
    eventlog(log, when, 6013, unnamed(
        "", "", "", "", seconds, 60, "-60 W. Europe Standard Time"
    ) + f"<Binary>{utf16(about)}</Binary>")


def updates(log):
    for hour, minute, second, title in (
            (20, 11, 4, "Security Intelligence Update for Microsoft Defender Antivirus - "
                        "KB2267602 (Version 1.425.118.0) - Current Channel (Broad)"),
            (21, 34, 52, "2026-03 Cumulative Update for Microsoft server operating system "
                         "version 24H2 for x64-based Systems")):
        when = dt.datetime(2026, 3, 10, hour, minute, second, 183204, UTC)
        data = dict(updateTitle=title, updateGuid=f"{{5d3c4f0e-2a91-4d3b-8e77-90ab12cd{minute}f0}}",
                    updateRevisionNumber=200)
        microsoft(log, when, "WindowsUpdateClient", 43, UPDATE, named(**data), version=1, task=1,
                  opcode=13, keywords="0x8000000000002008", pid=4216, tid=5076)
        data["serviceGuid"] = "{855e8a7c-ecb4-4ca3-b045-1dfa50104289}"
        microsoft(log, after(when, minutes=minute / 2), "WindowsUpdateClient", 19, UPDATE,
                  named(**data), version=1, task=1, opcode=13, keywords="0x8000000000000018",
                  pid=4216, tid=5076)


def reboot(log):
    """The planned one of patch day, the evening before."""
    down = after(BOOT, seconds=-51)
    log.add(down, "User32", 1074, named(
        param1="C:\\Windows\\system32\\svchost.exe (WEB01)", param2=HOST,
        param3="Operating System: Service pack (Planned)", param4="0x80020010",
        param5="restart", param6="", param7="NT AUTHORITY\\SYSTEM"),
        guid="{b0aa8734-56f7-41cc-b2f4-de228e98b946}", source="User32", qualifiers=32768,
        keywords="0x8080000000000000", pid=672, tid=688, user="S-1-5-18")
    for i, (name, key) in enumerate((("payment-gateway",) * 2, ("Ledger Sync", "LedgerSync"),
                                     ("log-shipper", "log-shipper"))):
        state(log, after(down, seconds=3 + i * 0.4), name, "stopped", key + "/1")
        state(log, after(BOOT, seconds=39.9 + i * 1.3), name, "running", key + "/4")
    eventlog(log, after(down, seconds=7), 6006, "<Binary>0100000000000000</Binary>")
    end = after(down, seconds=9)
    microsoft(log, end, "Kernel-General", 13, GENERAL, named(StopTime=stamp(end)), task=2,
              keywords="0x8000000000000080", user=None)
    microsoft(log, BOOT, "Kernel-General", 12, GENERAL, named(
        MajorVersion=10, MinorVersion=0, BuildVersion=26100, QfeVersion=3476, ServiceVersion=0,
        BootMode=0, StartTime=stamp(BOOT)), task=1, keywords="0x8000000000000080")
    eventlog(log, after(BOOT, seconds=8.1), 6009,
             unnamed("10.00.", "26100", "", "Multiprocessor Free", "0"))
    up = after(BOOT, seconds=8.2)
    words = (up.year, up.month, up.isoweekday() % 7, up.day, up.hour, up.minute, up.second,
             up.microsecond // 1000, 0, 0, 0, 0)
    eventlog(log, up, 6005, f"<Binary>{struct.pack('<12H', *words).hex().upper()}</Binary>")
    uptime(log, after(BOOT, seconds=9.4))
    peer = "time.windows.com,0x9 (ntp.m|0x9|0.0.0.0:123->51.145.123.29:123)"
    microsoft(log, after(BOOT, seconds=44), "Time-Service", 37, CLOCK, named(TimeSource=peer),
              payload_name="TMP_EVENT_TIME_SOURCE_REACHABLE", pid=1984, tid=1284, user="S-1-5-19")
    microsoft(log, after(BOOT, seconds=44.01), "Time-Service", 35, CLOCK, named(
        TimeSource=peer, TimeSourceRefId=494637363, CurrentStratumNumber=4),
        payload_name="TMP_EVENT_TIME_SOURCE_CHOSEN", pid=1984, tid=2028, user="S-1-5-19")


def ordinary_system(log):
    day = dt.datetime(2026, 3, 11, tzinfo=UTC)
    for minutes, old, new, name, key in (
            (-221, "demand start", "auto start", "Background Intelligent Transfer Service", "BITS"),
            (-190, "auto start", "demand start", "Background Intelligent Transfer Service", "BITS"),
            (242, "demand start", "auto start", "Windows Modules Installer", "TrustedInstaller"),
            (253, "auto start", "demand start", "Windows Modules Installer", "TrustedInstaller")):
        scm(log, after(day, minutes=minutes, seconds=17.3), 7040, name, old, new, key,
            user="S-1-5-18")
    for minutes, text, code in ((120, "running", 4), (126.7, "stopped", 1)):
        state(log, after(day, minutes=minutes), "Volume Shadow Copy", text, f"VSS/{code}")
    for minutes in (-64, 193, 431, 655):
        log.add(after(day, minutes=minutes, seconds=4.4), "Microsoft-Windows-DistributedCOM",
                10016, named(
                    param1="machine-default", param2="Local", param3="Activation",
                    param4="{F87B28F1-DA9A-4F35-8EC0-800EFCF26B83}",
                    param5="{0868DC9B-D9A2-4F64-9362-133CEA201299}", param6="NT AUTHORITY",
                    param7="NETWORK SERVICE", param8="S-1-5-20",
                    param9="LocalHost (Using LRPC)", param10="Unavailable",
                    param11="Unavailable"),
                guid="{1B562E86-B7AA-4131-BADC-B6F3A001407E}", source="DCOM", qualifiers=0,
                level=3, keywords="0x8080000000000000", pid=1036, tid=8112, user="S-1-5-20")
    when = after(day, minutes=301, seconds=2.2)
    microsoft(log, when, "Kernel-General", 1, GENERAL, named(
        NewTime=stamp(when), OldTime=stamp(after(when, microseconds=-800)), TimeDeltaInMs=0,
        Reason=1, ProcessName="\\Device\\HarddiskVolume3\\Windows\\System32\\svchost.exe",
        ProcessID=1984, CmosTime=stamp(after(when, hours=1)), TimeZoneBias=-60,
        RealTimeIsUniversal="false", SystemInCmosMode="false"),
        version=4, task=5, keywords="0x8000000000000010", pid=1984, tid=1204, user="S-1-5-19")
    microsoft(log, after(day, minutes=244), "Kernel-General", 16, GENERAL, named(
        HiveNameLength=41, HiveName="\\??\\C:\\WINDOWS\\System32\\config\\COMPONENTS",
        KeysUpdated=0, DirtyPages=0), pid=3056, tid=7276)
    uptime(log, after(day, hours=11, seconds=0.4))
