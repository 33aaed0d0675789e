import WinnowKit

/// Text of packs for authors to go on from.
public enum RuleScaffold {
    /// A pack with one rule that loads without a warning and passes its tests.
    ///
    /// - Parameter id: A rule's id, as `PackLoader.isRuleID` allows.
    public static func text(id: String) -> String {
        head(id) + #"""
            - id: \#(id)
              title: Disk full on {{volume}}
              description: >-
                What it finds, and why that matters to somebody who is woken by it.
              level: high                      # informational, low, medium, high, critical
              status: experimental             # then test, stable, deprecated
              tags: [disk]
              match:
                message|re: 'disk full on (?<volume>\S+)'   # a named group is a field
              # Without `when` each match is a finding.
              when: {count: {gte: 3}, within: 10m, by: [host.name]}
              suppress: 30m
              remediation: 'free space on {{volume}}'
              references: ["https://example.com/runbook"]
              falsepositives: [a test that fills a disk]
              tests:
              - fires: 1
                lines: ['disk full on C:']
                repeat: 3
                every: 1m
              - fires: 0                       # a near miss: two in the window, never three
                lines: ['disk full on C:']
                repeat: 6
                every: 5m

            """#
    }

    /// A pack with one rule for lines like `line`.
    static func text(
        id: String, template: LineTemplate, title: String, count: Int, line: String, silent: String
    ) -> String {
        head(id) + """
            - id: \(id)
              title: \(quoted(title))
              description: >-
                Drafted from \(count) line\(count == 1 ? "" : "s") that only the bad log has. \
            Say why that matters.
              level: medium
              status: experimental
              match:
                message|re: \(quoted(template.pattern))
              tests:
              - fires: 1
                lines: [\(quoted(line))]
              - fires: 0                       # the line of the good log that is most like it
                lines: [\(quoted(silent))]

            """
    }

    private static func head(_ id: String) -> String {
        let name = id.split { ".-_".contains($0) }.first.map(String.init) ?? id
        return """
            pack:
              name: \(name)
              version: 0.1.0
              engine: ">=0.1 <2"
              license: Apache-2.0
              description: One sentence about what these rules have in common.

            rules:

            """
    }

    /// Text as a YAML scalar in quotes, on one line.
    ///
    /// Source: YAML 1.2.2, sections 7.3.1 and 7.3.2.
    static func quoted(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.value >= 0x20 && !SafeText.isUnsafe(scalar.value) && scalar.value != 0xFEFF
                && scalar.value < 0xFFFE && !(0x7F...0x9F).contains(scalar.value)
                && scalar.value != 0x2028 && scalar.value != 0x2029
        }
        if isPlain {
            return "'"
                + text.split(separator: "'", omittingEmptySubsequences: false)
                .joined(separator: "''") + "'"
        }
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22, 0x5C: out += "\\" + String(scalar)
            case 0x20..<0x7F: out += String(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                out += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            }
        }
        return out + "\""
    }
}
