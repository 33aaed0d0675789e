public import WinnowRules

/// Results of rule tests in the XML that CI systems read.
///
/// Source: the format of Apache Ant's `junitreport`: testsuites, testsuite, testcase, failure.
public enum JUnitReport {
    /// One suite a pack, one case a test: the rule as its class, the place as its name.
    ///
    /// No times and no date: the same results give the same bytes.
    public static func xml(_ results: [RuleTestResult], plan: Plan) -> String {
        var packs: [String: Int] = [:]
        for rule in plan.rules { packs[rule.id] = rule.pack }
        var suites: [[RuleTestResult]] = Array(repeating: [], count: plan.packs.count)
        for result in results {
            // Remarks of samples may name several rules, or none that is there.
            let pack = packs[result.rule] ?? plan.rules(like: result.rule).first?.pack ?? 0
            if pack < suites.count { suites[pack].append(result) }
        }
        var out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        out += "<testsuites" + counts(results) + ">\n"
        for (pack, results) in zip(plan.packs, suites) {
            out += "  <testsuite name=\"\(escaped(pack.name))\"" + counts(results) + ">\n"
            for result in results {
                out += "    <testcase classname=\"\(escaped(result.rule))\""
                out += " name=\"\(escaped(result.place))\""
                if result.passed {
                    out += "/>\n"
                } else {
                    out += "><failure message=\"\(escaped(result.message))\""
                    out += result.reason.map { ">\(escaped($0))</failure>" } ?? "/>"
                    out += "</testcase>\n"
                }
            }
            out += "  </testsuite>\n"
        }
        return out + "</testsuites>\n"
    }

    private static func counts(_ results: [RuleTestResult]) -> String {
        let failures = results.filter { !$0.passed }.count
        return " tests=\"\(results.count)\" failures=\"\(failures)\""
    }

    /// Escapes markup; characters that XML 1.0 does not have become U+FFFD.
    private static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "\t", "\n", "\r": out += "&#\(scalar.value);"
            case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": out += "\u{FFFD}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
