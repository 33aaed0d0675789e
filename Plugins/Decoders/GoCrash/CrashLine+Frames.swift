extension CrashLine {
    /// `goroutine 7 gp=0x… m=0 mp=0x… [chan receive, 2 minutes] {label: "x"}:`
    mutating func readGoroutine(_ line: LineBytes, _ at: Int, _ end: Int) -> Bool {
        guard line.has("goroutine ", at: at) else { return false }
        var i = line.digitsEnd(at + 10)
        guard i > at + 10 else { return false }
        let id = at + 10..<i
        while i < end, line[i] != UInt8(ascii: "[") {
            // gp=0x… m=nil mp=0x…
            let byte = line[i]
            guard byte == 0x20 || byte == UInt8(ascii: "=") || byte.isDigit || byte.isLetter else {
                return false
            }
            if byte == UInt8(ascii: "g"), line.has("gp=0x", at: i) { isSystem = true }
            i += 1
        }
        guard i < end, line[i - 1] == 0x20, isSystem || i == id.upperBound + 1,
            let close = Self.statusEnd(line, i, end)
        else { return false }
        kind = .goroutine
        text = i + 1..<close
        // An id too long for a number is still a goroutine.
        number = line.number(id) ?? Int(line.slice(id).string) ?? 0
        return true
    }

    /// Where the bracket stands that closes a header's status; labels, which Go 1.26 puts before it
    /// and Go 1.27 behind it, may hold any others.
    private static func statusEnd(_ line: LineBytes, _ open: Int, _ end: Int) -> Int? {
        var from = open + 1
        while let close = line.first(UInt8(ascii: "]"), from: from, end: end) {
            let after = close + 1
            if after == end || line[after] == UInt8(ascii: ":") && after + 1 == end
                || line.has(" {", at: after) && line.ends(in: "}:", end: end)
            {
                return close
            }
            from = after
        }
        return nil
    }

    /// Whether the line begins like a goroutine header and ends too early.
    static func isGoroutineStart(_ line: LineBytes, _ at: Int, _ end: Int) -> Bool {
        line.has("goroutine ", at: at) && line.first(UInt8(ascii: "]"), from: at, end: end) == nil
            && line.digitsEnd(at + 10) > at + 10
    }

    mutating func readCreatedBy(_ line: LineBytes, _ at: Int, _ end: Int) -> Bool {
        guard line.has("created by ", at: at) else { return false }
        var nameEnd = end
        if let by = line.find(" in goroutine ", from: at), by < end {
            guard line.digitsEnd(by + 14) == end else { return false }
            nameEnd = by
        }
        let name = at + 11..<max(nameEnd, at + 11)
        guard !name.isEmpty, Self.isName(line, name) else { return false }
        kind = .createdBy
        text = name
        return true
    }

    mutating func readBracket(_ line: LineBytes, _ at: Int, _ end: Int) -> Bool {
        if line.has("[signal ", at: at), line[end - 1] == UInt8(ascii: "]"),
            line.find(" code=", from: at) != nil
        {
            kind = .signalDetail
            text = at + 8..<end - 1
            return true
        }
        if line.has("[originating from goroutine ", at: at) {
            kind = .originating
            return true
        }
        if line.has("[failed to restore the stack]", at: at) {
            kind = .unavailable
            return true
        }
        return false
    }

    mutating func readRace(_ line: LineBytes, _ at: Int, _ end: Int) -> Bool {
        let colon = end - 1
        guard colon > at, line[colon] == UInt8(ascii: ":") else { return false }
        if line[at] == UInt8(ascii: "G") {
            guard line.has("Goroutine ", at: at), line.digitsEnd(at + 10) > at + 10,
                line.ends(in: " created at:", end: end)
            else { return false }
            kind = .raceCreated
            return true
        }
        // (Previous) (atomic) read|write at 0x… by goroutine N|main goroutine|…
        guard let address = line.find(" at 0x", from: at), address - at < 32 else { return false }
        let by = line.hexEnd(address + 6)
        guard line.has(" by ", at: by),
            line.ends(in: "read", end: address)
                || line.ends(in: "write", end: address) || line.ends(in: "Read", end: address)
                || line.ends(in: "Write", end: address)
        else { return false }
        kind = .raceAccess
        text = at..<colon
        return true
    }

    /// `path:line[ +0x…][ fp=0x… sp=0x… pc=0x…]`; split at the last colon.
    mutating func readFile(_ line: LineBytes, _ at: Int, _ end: Int) -> Bool {
        // The shape is read from the end: it costs nothing for lines of other shapes.
        var i = end
        let tail = line[end - 1]
        guard tail.isHexDigit else { return false }
        var system = false
        var offset = false
        if let plus = Self.lastPlus(line, at, end) {
            let hexEnd = line.hexEnd(plus + 4)
            guard hexEnd > plus + 4, Self.areAddresses(line, hexEnd, end) else { return false }
            system = hexEnd < end
            offset = true
            i = plus
        } else if let fp = line.findLast(" fp=0x", end: end), fp > at {
            guard Self.areAddresses(line, fp, end) else { return false }
            system = true
            i = fp
        } else if !tail.isDigit {
            return false
        }
        var digits = i
        while digits > at, line[digits - 1].isDigit { digits -= 1 }
        guard digits < i, digits > at + 1, line[digits - 1] == UInt8(ascii: ":"),
            let number = line.number(digits..<i)
        else { return false }
        let path = at..<digits - 1
        guard !path.isEmpty, Self.isPath(line, path, isCertain: offset || system) else {
            return false
        }
        kind = .file
        text = path
        self.number = number
        isSystem = system
        hasOffset = offset
        return true
    }

    /// Whether nothing but ` fp=0x… sp=0x… pc=0x…`, or its beginning, stands up to `end`.
    private static func areAddresses(_ line: LineBytes, _ from: Int, _ end: Int) -> Bool {
        var i = from
        for word in [" fp=0x", " sp=0x", " pc=0x"] as [StaticString] {
            if i == end { return true }
            guard line.has(word, at: i) else { return false }
            i = line.hexEnd(i + 6)
        }
        return i == end
    }

    /// Where ` +0x` of a file line stands.
    private static func lastPlus(_ line: LineBytes, _ at: Int, _ end: Int) -> Int? {
        // ` +0x` and four addresses of at most 16 digits fit into 128 bytes.
        let from = max(at, end - 128)
        var i = end - 4
        while i > from {
            if line[i] == 0x20, line[i + 1] == UInt8(ascii: "+"), line.has("+0x", at: i + 1) {
                return i
            }
            i -= 1
        }
        return nil
    }

    private static func isPath(_ line: LineBytes, _ path: Range<Int>, isCertain: Bool) -> Bool {
        let first = line[path.lowerBound]
        let isAbsolute =
            first == UInt8(ascii: "/")
            || path.count > 2 && first.isLetter && line[path.lowerBound + 1] == UInt8(ascii: ":")
        for i in path {
            let byte = line[i]
            if byte < 0x20 || byte == UInt8(ascii: "\"") { return false }
            if byte == 0x20 || byte == UInt8(ascii: "("), !isAbsolute { return false }
        }
        if isCertain { return true }
        for suffix in [".go", ".s", ".S", ".c", ".cc", ".cpp", ".goc", ".h", ".m"] as [StaticString]
        where line.ends(in: suffix, end: path.upperBound) {
            return path.count > suffix.utf8CodeUnitCount
        }
        return line.has("<autogenerated>", at: path.lowerBound)
            || line.has("??", at: path.lowerBound) && path.count == 2
    }

    /// `main.f(0x1, {0x2, ...}, _)`
    mutating func readFunction(_ line: LineBytes, _ at: Int, _ end: Int) -> Bool {
        guard line[end - 1] == UInt8(ascii: ")"),
            let open = Self.argumentsStart(line, at, end - 1), open > at,
            Self.isName(line, at..<open)
        else { return false }
        kind = .function
        text = at..<open
        return true
    }

    /// Where the parenthesis stands that opens the arguments that reach to `end`.
    static func argumentsStart(_ line: LineBytes, _ at: Int, _ end: Int) -> Int? {
        var i = end
        while i > at {
            i -= 1
            let byte = line[i]
            if byte == UInt8(ascii: "(") { return i }
            guard
                byte.isHexDigit || byte == UInt8(ascii: "x") || byte == UInt8(ascii: ",")
                    || byte == 0x20 || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}")
                    || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "?")
                    || byte == UInt8(ascii: "_")
            else { return nil }
        }
        return nil
    }

    /// Whether a range may be the name of a function with its package path.
    static func isName(_ line: LineBytes, _ range: Range<Int>) -> Bool {
        for i in range {
            switch line[i] {
            case 0..<0x21, 0x7F, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "="),
                UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "`"), UInt8(ascii: "!"),
                UInt8(ascii: "\\"), UInt8(ascii: "<"), UInt8(ascii: ">"):
                return false
            case UInt8(ascii: ","):
                // Between type arguments only: main.F[int,string]
                guard line.first(UInt8(ascii: "["), from: range.lowerBound, end: i) != nil else {
                    return false
                }
            default: break
            }
        }
        return true
    }

    /// Whether a line is a function's name and nothing else, as in stacks shortened by hand.
    static func isBareName(_ line: LineBytes) -> Bool {
        let at = line.indent
        let end = line.trimmedEnd
        guard end - at >= 3, end - at < 512, line[at].isLetter || line[at] == UInt8(ascii: "_"),
            let dot = line.first(UInt8(ascii: "."), from: at + 1, end: end), dot + 1 < end,
            isName(line, at..<end), line.first(UInt8(ascii: ":"), from: at, end: end) == nil
        else { return false }
        let last = line[end - 1]
        return last.isLetter || last.isDigit || last == UInt8(ascii: "_") || last >= 0x80
    }

    /// Whether a line may be the beginning of a function line, a file line or a header whose rest
    /// stands on the next line.
    static func isOpen(_ line: LineBytes) -> Bool {
        let at = line.indent
        let end = line.trimmedEnd
        guard at < end else { return false }
        if isGoroutineStart(line, at, end) { return true }
        if let open = argumentsStart(line, at, end), open > at,
            isName(line, at..<open),
            line.first(UInt8(ascii: "."), from: at, end: open) != nil
        {
            return true
        }
        // A path that has not come to its line number.
        if line[0] == 0x09 { return isPath(line, at..<end, isCertain: true) }
        let isPathLike =
            at > 0 || line[at] == UInt8(ascii: "/")
            || line[at].isLetter && line.has(":/", at: at + 1)
        return line.first(UInt8(ascii: "/"), from: at, end: end) != nil
            && (isPathLike ? isPath(line, at..<end, isCertain: true) : isName(line, at..<end))
    }

    /// Whether a piece of a line may be the first part of one of a stack's lines.
    static func isBeginning(_ line: LineBytes) -> Bool {
        let kind = classify(line).kind
        if kind != .other || isOpen(line) { return true }
        let at = line.indent
        guard line.count - at < 256 else { return false }
        for word in [
            "goroutine ", "created by ", "runtime stack:", "[originating from goroutine ",
            "exit status ", "...additional frames elided...", "[signal ",
        ] as [StaticString] {
            let length = word.utf8CodeUnitCount
            if line.count - at <= length {
                if UnsafeRawBufferPointer(start: word.utf8Start, count: line.count - at)
                    .elementsEqual(line.slice(at..<line.count).raw)
                {
                    return true
                }
            } else if line.has(word, at: at) {
                return true
            }
        }
        // Part of a function's name.
        return at == 0 && isName(line, 0..<line.count)
    }

    /// Whether a piece of a line may be the first part of what follows a headline.
    static func isHeaderStart(_ line: LineBytes) -> Bool {
        let at = line.indent
        for word in ["goroutine", "[signal", "PC=0x", "runtime stack"] as [StaticString]
        where line.has(word, at: at) {
            return true
        }
        return false
    }
}
