/// A Windows event as a rule's test spells it.
public struct TestEvent: Sendable {
    /// What `EventData` holds.
    public enum Payload: Sendable, Equatable {
        /// Nothing.
        case none
        /// `<Data>` without names, as classic providers write it.
        case unnamed([String])
        /// `<Data Name='…'>`, in order.
        case named([(name: String, value: String)])

        /// Compares names, values and order.
        public static func == (a: Payload, b: Payload) -> Bool {
            switch (a, b) {
            case (.none, .none): true
            case (.unnamed(let x), .unnamed(let y)): x == y
            case (.named(let x), .named(let y)): x.elementsEqual(y) { $0 == $1 }
            default: false
            }
        }
    }

    /// An element below `UserData`.
    public struct Element: Sendable {
        /// The element's name.
        public var name: String
        /// Attributes, in order.
        public var attributes: [(name: String, value: String)] = []
        /// Elements below, in order.
        public var children: [Element] = []
        /// Text, for elements without children.
        public var text = ""
    }

    /// Provider name.
    public var provider: String
    /// EventID.
    public var code: Int
    /// Level as a number; Windows writes 4 for information.
    public var level: Int?
    /// Channel; Application by default.
    public var channel: String?
    /// Computer.
    public var host: String?
    /// SystemTime, as written.
    public var time: String?
    /// EventRecordID.
    public var recordID: Int?
    /// Qualifiers of the EventID.
    public var qualifiers: Int?
    /// Guid of the provider.
    public var guid: String?
    /// Hexadecimal digits of the Binary element.
    public var binary: String?
    /// The rendered message.
    public var message: String?
    /// What `EventData` holds.
    public var data: Payload = .none
    /// The root element of `UserData`, which then stands in place of `EventData`.
    public var userData: Element?

    /// Makes an event with a provider and a code.
    public init(provider: String, code: Int) {
        self.provider = provider
        self.code = code
    }

    /// The event as one `Event` element on one line, as Windows' exporters write it.
    public func xml() -> String {
        var out = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
        out += "<Provider" + attribute("Name", provider)
        if let guid { out += attribute("Guid", guid) }
        out += "/><EventID"
        if let qualifiers { out += attribute("Qualifiers", String(qualifiers)) }
        out += ">\(code)</EventID><Version>0</Version><Level>\(level ?? 4)</Level>"
        out += "<Task>0</Task><Opcode>0</Opcode><Keywords>0x80000000000000</Keywords>"
        if let time { out += "<TimeCreated" + attribute("SystemTime", time) + "/>" }
        out += "<EventRecordID>\(recordID ?? 1)</EventRecordID><Correlation/>"
        out += "<Execution ProcessID='0' ThreadID='0'/>"
        out += "<Channel>" + escaped(channel ?? "Application") + "</Channel>"
        out += "<Computer>" + escaped(host ?? "WEB01") + "</Computer><Security/></System>"
        if let userData {
            out += "<UserData>" + element(userData) + "</UserData>"
        } else {
            out += "<EventData>" + payload() + "</EventData>"
        }
        if let message {
            out += "<RenderingInfo Culture='en-US'><Message>" + escaped(message) + "</Message>"
            out += "</RenderingInfo>"
        }
        return out + "</Event>"
    }

    private func payload() -> String {
        var out = ""
        switch data {
        case .none: break
        case .unnamed(let values):
            for value in values { out += "<Data>" + escaped(value) + "</Data>" }
        case .named(let pairs):
            for pair in pairs {
                out +=
                    "<Data" + attribute("Name", pair.name) + ">" + escaped(pair.value) + "</Data>"
            }
        }
        if let binary { out += "<Binary>" + escaped(binary) + "</Binary>" }
        return out
    }

    private func element(_ element: Element) -> String {
        var out = "<" + element.name
        for item in element.attributes { out += attribute(item.name, item.value) }
        out += ">"
        for child in element.children { out += self.element(child) }
        return out + escaped(element.text) + "</" + element.name + ">"
    }

    private func attribute(_ name: String, _ value: String) -> String {
        " " + name + "='" + escaped(value) + "'"
    }

    /// Escapes markup, and the line ends that a parser would change.
    private func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "'": out += "&apos;"
            case "\"": out += "&quot;"
            case "\r": out += "&#13;"
            case "\n": out += "&#10;"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
