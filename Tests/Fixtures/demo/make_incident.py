#!/usr/bin/env python3
"""Makes the demo incident anew: builds the gateway, runs it until it has died
seven times, and writes WEB01/ (the log and the two Event Log exports).

    python3 make_incident.py [--go GO] [--out DIR]

Also writes incident.json, the counts for tests. Needs Linux, Python 3.11 and Go 1.27
or later, and two minutes. What the process prints is kept to the byte, times apart
(README.md says how); figures and counts differ from one making to the next.
"""
import argparse
import datetime as dt
import http.client
import json
import os
import random
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True

import incident_events  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
UTC = dt.timezone.utc
LOCAL = dt.timezone(dt.timedelta(hours=1))  # W. Europe, winter
BEGIN = dt.datetime(2026, 3, 11, 6, 0, 0, 412000, UTC)
PORT = 8443
HANDLES = 16384
# One second of the capture stands for this many of the incident, except near a
# start and near an end, where time runs as it did.
PACE = 200
HEAD = 1.0


def build(go, folder):
    """The gateway, with the paths of a Windows build machine in its tables."""
    shutil.copy(os.path.join(HERE, "gateway.go.txt"), os.path.join(folder, "gateway.go"))
    with open(os.path.join(folder, "go.mod"), "w") as f:
        f.write("module payment-gateway\n\ngo 1.27\n")
    root = subprocess.check_output([go, "env", "GOROOT"], text=True).strip()
    paths = f"{folder}=>C:/svc/payment-gateway/src;{root}=>C:/Program Files/Go"
    program = os.path.join(folder, "payment-gateway")
    subprocess.check_call(
        [go, "build", "-buildvcs=false", "-ldflags=-checklinkname=0",
         f"-gcflags=all='-trimpath={paths}'", "-o", program, "."], cwd=folder)
    return program, (folder, root, os.path.expanduser("~"))


class Run:
    """One life of the process: what it wrote to stderr and when, from its start."""

    def __init__(self, program, folder):
        env = {
            "GODEBUG": "gctrace=1", "GOMAXPROCS": "16", "TZ": "UTC", "GATEWAY_PACE": str(PACE),
        }

        def limit():
            # One processor, as with NSSM's AppAffinity 0; the driver has the others.
            os.sched_setaffinity(0, {0})
            resource.setrlimit(resource.RLIMIT_NOFILE, (HANDLES, HANDLES))

        self.chunks = []
        self.dead = threading.Event()
        self.full = threading.Event()
        self.began = time.time()
        self.process = subprocess.Popen(
            [program], cwd=folder, env=env, stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL, preexec_fn=limit)
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        pipe = self.process.stderr.fileno()
        while True:
            select.select([pipe], [], [])
            data = os.read(pipe, 1 << 16)
            if not data:
                break
            self.chunks.append((time.time() - self.began, data))
            if b"too many open files" in data and not self.full.is_set():
                self.process.send_signal(signal.SIGUSR1)
                self.full.set()
        self.code = self.process.wait()
        self.length = time.time() - self.began
        self.dead.set()

    def wait_up(self):
        while not self.dead.is_set():
            try:
                Client().connect()
                return
            except OSError:
                time.sleep(0.01)

    def finish(self, seconds):
        """Waits for the process to die; kills it when it has not."""
        died = self.dead.wait(seconds)
        if not died:
            self.process.kill()
        self.reader.join()
        return died

    @property
    def text(self):
        return b"".join(data for _, data in self.chunks).decode()


class Client(http.client.HTTPConnection):
    def __init__(self):
        super().__init__("127.0.0.1", PORT, timeout=5)

    def post(self, path):
        """The status, or None when the connection broke."""
        try:
            self.request("POST", path)
            answer = self.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            self.close()
            return None


class Shop:
    """Sends charges: `rate` a second until the gateway is out of handles, then
    three a second, each time trying a new connection first, as a proxy does."""

    def __init__(self, run, rate, approved):
        self.run, self.rate, self.approved = run, rate, approved
        self.count = 0
        self.errands = []
        self.random = random.Random(rate)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def path(self):
        if self.errands:
            return self.errands.pop()
        self.count += 1
        amount = 12.5 if self.random.random() < self.approved else 980
        merchant = 1001 + self.count % 7
        return f"/v1/charge?id=ch_{self.count:06}&merchant=M{merchant}&amount={amount}"

    def work(self):
        client, began = Client(), time.time()
        waiting = []
        while not self.run.dead.is_set() and not self.stop.is_set():
            if self.run.full.is_set():
                late = Client()
                try:
                    late.connect()
                    waiting.append(late)
                except OSError:
                    pass
                client.post(self.path())
                time.sleep(0.33)
                continue
            client.post(self.path())
            ahead = self.count / self.rate - (time.time() - began)
            if ahead > 0.02:
                time.sleep(ahead)


def handles_then_settlement(program, folder, rate, refunds=0):
    """Out of handles; the next settlement has no partner: nil pointer."""
    run = Run(program, folder)
    run.wait_up()
    shop = Shop(run, rate, approved=0.3)
    if refunds:
        time.sleep(12)
        for i in range(refunds):
            Client().post(f"/v1/refund?charge=ch_9{i:05}")
            time.sleep(0.06)
    assert run.finish(90), "the gateway did not die"
    shop.thread.join()
    return run


def audit_then_map_race(program, folder):
    """Busy processors and slow collections, then two writers on one map. The
    journal is left as the last flush cut it."""
    run = Run(program, folder)
    run.wait_up()
    shop = Shop(run, 260, approved=0.3)
    time.sleep(9.3)
    Client().post("/v1/audit")
    time.sleep(4.6)

    def reload():
        client = Client()
        while client.post("/v1/limits/reload"):
            pass
    for _ in range(4):
        threading.Thread(target=reload).start()
    assert run.finish(30), "the gateway did not die"
    shop.thread.join()
    return run


def replay(program, folder):
    """Half a line in the journal: index out of range while starting."""
    run = Run(program, folder)
    assert run.finish(5), "the journal was whole"
    return run


def handles_then_rates(program, folder, rate):
    """Out of handles; the exchange rates cannot be read: write to a nil map."""
    run = Run(program, folder)
    run.wait_up()
    shop = Shop(run, rate, approved=0)
    run.full.wait(90)
    time.sleep(2)
    # The gateway has no handle left for a new connection: use the one it knows.
    shop.errands.append("/v1/rates/reload")
    assert run.finish(30), "the gateway did not die"
    shop.thread.join()
    return run


def alive(program, folder):
    run = Run(program, folder)
    run.wait_up()
    shop = Shop(run, 60, approved=0.9)
    run.finish(9)
    shop.thread.join()
    return run


def capture(program, folder):
    """Seven deaths and the life after them."""
    os.mkdir(os.path.join(folder, "data"))
    for name, value in (("partner", {"Name": "Nordpay", "Account": "DE7512108001"}),
                        ("rates", {"EUR": 1, "SEK": 0.087})):
        with open(os.path.join(folder, "data", name + ".json"), "w") as f:
            json.dump(value, f)
    return [
        handles_then_settlement(program, folder, 350),
        handles_then_settlement(program, folder, 460, refunds=6),
        audit_then_map_race(program, folder),
        *(replay(program, folder) for _ in range(3)),
        handles_then_rates(program, folder, 400),
        alive(program, folder),
    ]


class Life:
    """A run laid into the incident's time."""

    def __init__(self, run, start):
        self.run, self.start = run, start
        full = [t for t, data in run.chunks if b"too many open files" in data]
        tail = run.length - full[0] + 0.1 if full else 0.6 if run.code == 2 else 0
        self.head = min(HEAD, run.length)
        self.tail = min(tail, run.length - self.head)
        self.middle = run.length - self.head - self.tail
        self.end = self.at(run.length)

    def seconds(self, t):
        """Seconds of the incident after the start, for a time of the capture."""
        spread = min(max(t - self.head, 0), self.middle)
        return t + spread * (PACE - 1)

    def at(self, t):
        return self.start + dt.timedelta(seconds=self.seconds(t))

    def lines(self):
        """(time NSSM saw the line, the line with its own times moved)"""
        seen, begin = self.run.chunks[0][0], True
        line = b""
        for t, data in self.run.chunks:
            for piece in data.splitlines(keepends=True):
                if begin:
                    seen, line = t, b""
                line += piece
                begin = piece.endswith(b"\n")
                if begin:
                    yield self.at(seen), self.moved(line.decode(), seen)
        assert begin, "the last line has no end"

    def moved(self, line, seen):
        def log_time(match):
            return self.at(seen).astimezone(LOCAL).strftime("%Y/%m/%d %H:%M:%S ")

        def slog_time(match):
            t = dt.datetime.fromisoformat(match[1]).timestamp() - self.run.began
            when = self.at(max(t, 0)).astimezone(LOCAL)
            return f"time={when.isoformat(timespec='milliseconds')} "

        def gc_time(match):
            return f"{match[1]}@{self.seconds(float(match[2])):.3f}s "
        line = re.sub(r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ", log_time, line)
        line = re.sub(r"^time=(\S+) ", slog_time, line)
        return re.sub(r"^(gc \d+ )@([\d.]+)s ", gc_time, line)


def place(runs):
    """The lives in a row, as NSSM restarts: at once, or after 2, 4, 8 seconds
    when the process ran for less than AppThrottle."""
    lives, start, short = [], BEGIN, 0
    for run in runs:
        life = Life(run, start)
        lives.append(life)
        short = short + 1 if run.length < 1.5 else 0
        life.throttle = 1000 * 2 ** short if short else 0
        start = life.end + dt.timedelta(seconds=0.137, milliseconds=life.throttle)
    return lives


def truth(lives):
    """What is in the log, for tests: counts of lines and the end of every life."""
    lines = [line for life in lives for _, line in life.lines()]

    def count(pattern):
        return sum(bool(re.search(pattern, line)) for line in lines)

    def pause(line):
        clock = re.match(r"gc .*?: ([\d.]+)\+[\d.]+\+([\d.]+) ms clock", line)
        return float(clock[1]) + float(clock[2]) if clock else 0

    deaths = []
    for life in lives[:-1]:
        last = [(when, line) for when, line in life.lines()
                if re.match("panic: |fatal error: ", line)]
        (when, line), = last
        deaths.append({
            "time": when.isoformat(timespec="milliseconds"), "message": line.strip(),
            "ran_seconds": round((life.end - life.start).total_seconds(), 3),
            "throttle_ms": life.throttle})
    return {
        "deaths": deaths,
        "payment-gateway.err.log": {
            "lines": len(lines),
            "panic": count("^panic: "), "fatal error": count("^fatal error: "),
            "http: panic serving": count("http: panic serving "),
            "too many open files": count("too many open files"),
            "http: Accept error": count("http: Accept error: "),
            "starting": count(" payment-gateway 1.8.3 starting "),
            "gc": count(r"^gc \d+ @"), "gc pause over 10 ms": sum(pause(x) > 10 for x in lines),
            "GC forced": count("^GC forced$"), "Alloc": count(" Alloc = "),
            "slog": count("^time="), "slog WARN": count("^time=.* level=WARN"),
            "slog ERROR": count("^time=.* level=ERROR"),
        },
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--go", default="go")
    parser.add_argument("--out", default=os.path.join(HERE, "WEB01"))
    options = parser.parse_args()
    others = set(range(1, os.cpu_count())) or {0}
    with tempfile.TemporaryDirectory() as folder:
        program, here = build(options.go, folder)
        os.sched_setaffinity(0, others)
        runs = capture(program, folder)
        for run in runs:
            assert not any(path in run.text for path in here), "a path of this machine"
    assert [run.code for run in runs[:-1]] == [2] * 7
    lives = place(runs)
    os.makedirs(options.out, exist_ok=True)
    with open(os.path.join(options.out, "payment-gateway.err.log"), "w", newline="") as f:
        for life in lives:
            for when, line in life.lines():
                stamp = when.strftime("%Y-%m-%d %H:%M:%S.") + f"{when.microsecond // 1000:03}"
                f.write(f"{stamp}: {line}")
    application, system = incident_events.write(options.out, lives)
    with open(os.path.join(options.out, "..", "incident.json"), "w") as f:
        json.dump(truth(lives) | {"Application.xml": application.counts(),
                                  "System.xml": system.counts()}, f, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main()
