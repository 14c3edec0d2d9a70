/// Reads the text of a glob into its parts; knows nothing of matching.
struct GlobParser {
    /// One part of a pattern.
    indirect enum Part: Sendable {
        case scalar(UnicodeScalar)
        /// `?`
        case one
        /// `*`
        case many
        /// `**`
        case manyAcross
        /// `**/`: any number of whole folders, or none
        case folders
        case set([ClosedRange<UnicodeScalar>], negated: Bool)
        case alternatives([[Part]])
    }

    static let maximumLength = 1_024
    static let maximumDepth = 8

    private let scalars: [UnicodeScalar]
    private var position = 0

    private init(_ scalars: [UnicodeScalar]) {
        self.scalars = scalars
    }

    /// - Throws: `GlobError` naming the place.
    static func parse(_ pattern: String) throws(GlobError) -> [Part] {
        let scalars = Array(pattern.unicodeScalars)
        guard !scalars.isEmpty else {
            throw GlobError(message: "is empty", offset: 0, remedy: "write a pattern such as '*'")
        }
        guard scalars.count <= maximumLength else {
            throw GlobError(
                message: "is longer than \(maximumLength) characters", offset: maximumLength,
                remedy: "split it into several patterns")
        }
        if let control = scalars.firstIndex(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            throw GlobError(
                message: "holds a control character", offset: control, remedy: "remove the character")
        }
        var parser = GlobParser(scalars)
        let parts = try parser.sequence(depth: 0)
        if parser.position < scalars.count {
            throw GlobError(
                message: "closes a '}' that was never opened", offset: parser.position,
                remedy: "write '\\}' for the character itself")
        }
        return parts
    }

    private var current: UnicodeScalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func sequence(depth: Int) throws(GlobError) -> [Part] {
        var parts: [Part] = []
        while let scalar = current {
            if depth > 0, scalar == "," || scalar == "}" { return parts }
            switch scalar {
            case "}": return parts
            case "*": parts.append(stars(startsSegment: Self.endsSegment(parts.last)))
            case "?":
                position += 1
                parts.append(.one)
            case "[": parts.append(try set())
            case "{": parts.append(try alternatives(depth: depth + 1))
            case "\\":
                position += 1
                guard let escaped = current else {
                    throw GlobError(
                        message: "ends in a lone '\\'", offset: position - 1,
                        remedy: "write '\\\\' for the character itself")
                }
                position += 1
                parts.append(.scalar(escaped))
            default:
                position += 1
                parts.append(.scalar(scalar))
            }
        }
        return parts
    }

    private static func endsSegment(_ part: Part?) -> Bool {
        switch part {
        case nil, .folders: true
        case .scalar(let scalar): scalar == "/"
        default: false
        }
    }

    private mutating func stars(startsSegment: Bool) -> Part {
        var count = 0
        while current == "*" {
            count += 1
            position += 1
        }
        guard count > 1 else { return .many }
        if startsSegment, current == "/" {
            position += 1
            return .folders
        }
        return .manyAcross
    }

    private mutating func set() throws(GlobError) -> Part {
        let start = position
        position += 1
        var negated = false
        if current == "!" || current == "^" {
            negated = true
            position += 1
        }
        var ranges: [ClosedRange<UnicodeScalar>] = []
        while let scalar = current {
            if scalar == "]", !ranges.isEmpty {
                position += 1
                return .set(ranges, negated: negated)
            }
            let low = try setMember(start)
            guard current == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
                ranges.append(low...low)
                continue
            }
            position += 1
            let high = try setMember(start)
            guard low <= high else {
                throw GlobError(
                    message: "has the range '\(low)-\(high)' the wrong way round", offset: start,
                    remedy: "write '\(high)-\(low)'")
            }
            ranges.append(low...high)
        }
        throw GlobError(
            message: "has a '[' without its ']'", offset: start, remedy: "close it, or write '\\[' for the character")
    }

    private mutating func setMember(_ start: Int) throws(GlobError) -> UnicodeScalar {
        if current == "\\" { position += 1 }
        guard let scalar = current else {
            throw GlobError(
                message: "has a '[' without its ']'", offset: start,
                remedy: "close it, or write '\\[' for the character")
        }
        position += 1
        return scalar
    }

    private mutating func alternatives(depth: Int) throws(GlobError) -> Part {
        let start = position
        guard depth <= Self.maximumDepth else {
            throw GlobError(
                message: "nests '{' deeper than \(Self.maximumDepth)", offset: start,
                remedy: "split it into several patterns")
        }
        position += 1
        var branches: [[Part]] = []
        while true {
            branches.append(try sequence(depth: depth))
            guard let scalar = current else {
                throw GlobError(
                    message: "has a '{' without its '}'", offset: start,
                    remedy: "close it, or write '\\{' for the character")
            }
            position += 1
            if scalar == "}" { return .alternatives(branches) }
        }
    }
}
