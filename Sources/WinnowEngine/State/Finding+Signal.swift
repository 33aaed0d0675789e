import WinnowKit
import WinnowRules

extension Finding {
    /// What a rule found at a signal.
    init(_ signal: Signal, _ rule: Rule, _ pack: Pack, _ trace: Trace, suppressed: Int) {
        // One line each: a value must not look like another line of advice.
        let lookup: (String) -> String? = { name in
            let value =
                signal.variables[name]
                ?? signal.captures.first { $0.name == name }?.value.description
            return value.map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
        }
        let key = zip(rule.by, signal.key).map { (name: $0, value: $1) }
        self.init(
            id: Finding.identity(rule, pack, key, trace), rule: rule.id,
            pack: "\(pack.name)@\(pack.version)", level: rule.level, status: rule.status,
            title: rule.title.rendered(lookup), message: signal.message, time: signal.time,
            firstTime: trace.firstTime, lastTime: trace.lastTime, count: trace.count,
            suppressedCount: suppressed, host: signal.host, service: signal.service, key: key,
            fields: signal.captures, evidence: trace.shown,
            remediation: rule.remediation?.rendered(lookup), references: rule.references,
            tags: rule.tags)
    }

    /// The finding's id: no path and no input name goes in, so that a file, its renamed rotation and
    /// the same bytes on stdin give the same one.
    private static func identity(
        _ rule: Rule, _ pack: Pack, _ key: [(name: String, value: String?)], _ trace: Trace
    ) -> String {
        let digest = Digest()
        digest.update(rule.id)
        digest.update(pack.version)
        for (name, value) in key {
            digest.update(name)
            digest.update(value == nil ? "absent" : "present")
            digest.update(value ?? "")
        }
        for (evidence, bytes) in [(trace.shown.first, trace.first), (trace.shown.last, trace.last)]
        {
            digest.update(number: UInt64(evidence?.offset ?? 0))
            digest.update(evidence?.time?.rfc3339 ?? "")
            digest.update(bytes)
        }
        return Digest.hex(digest.finish().prefix(16))
    }
}
