/// One pattern of a `.gitattributes` or `.gitignore` file, as git's wildmatch reads it.
///
/// Matching is by bytes and never backtracks further than the last `*`, whatever the pattern: patterns are anybody's.
/// - SeeAlso: gitignore(5), "PATTERN FORMAT"; `wildmatch.c` in git.
struct PathPattern: Sendable, Hashable {
    /// What one byte of a name is compared with.
    enum Token: Sendable, Hashable {
        case byte(UInt8)
        case anyByte
        case anyRun
        case oneOf(ByteClass)
    }

    /// One name of the pattern; nil is `**`, any number of names.
    private let segments: [[Token]?]
    /// Whether the pattern stands for a name in any folder.
    private let isFloating: Bool

    /// Reads a pattern without `!` and without the slash that ends one for folders.
    /// - Returns: nil for a pattern that can match nothing, such as one with an unclosed bracket.
    init?(_ text: some Collection<UInt8>) {
        let slash = UInt8(ascii: "/")
        var body = Array(text)
        isFloating = !body.contains(slash)
        if body.first == slash { body.removeFirst() }
        var segments: [[Token]?] = []
        for name in body.split(separator: slash, omittingEmptySubsequences: false) {
            if name.elementsEqual("**".utf8) {
                segments.append(nil)
            } else {
                guard !name.isEmpty, let tokens = Self.tokens(name) else { return nil }
                segments.append(tokens)
            }
        }
        guard !segments.isEmpty else { return nil }
        self.segments = segments
    }

    /// Whether the pattern matches a path, given as its names from the root.
    func matches(_ names: ArraySlice<[UInt8]>) -> Bool {
        guard let last = names.last else { return false }
        if isFloating { return segments[0].map { Self.matches($0, last) } ?? true }
        return beginnings(of: names)[names.count]
    }

    /// Whether the pattern matches a path or a folder that the path is in.
    func covers(_ names: ArraySlice<[UInt8]>) -> Bool {
        if isFloating { return segments[0].map { name in names.contains { Self.matches(name, $0) } } ?? !names.isEmpty }
        return beginnings(of: names).dropFirst().contains(true)
    }

    /// Which beginnings of a path the pattern matches, by their number of names.
    private func beginnings(of names: ArraySlice<[UInt8]>) -> [Bool] {
        // Which beginnings of the path the pattern's names so far can stand for.
        var reached = [Bool](repeating: false, count: names.count + 1)
        reached[0] = true
        for (index, segment) in segments.enumerated() {
            var next = [Bool](repeating: false, count: names.count + 1)
            if let segment {
                for (offset, name) in names.enumerated() where reached[offset] {
                    if Self.matches(segment, name) { next[offset + 1] = true }
                }
            } else {
                // At the end it stands for what is inside, which is at least one name.
                let isLast = index == segments.count - 1
                var isOpen = false
                for offset in 0...names.count {
                    if isOpen || (reached[offset] && !isLast) { next[offset] = true }
                    if reached[offset] { isOpen = true }
                }
            }
            reached = next
        }
        return reached
    }

    /// Whether a name is one that tokens stand for, looking at most at as many bytes as tokens times bytes.
    static func matches<Name: RandomAccessCollection>(_ pattern: [Token], _ name: Name) -> Bool
    where Name.Element == UInt8, Name.Index == Int {
        var (token, byte) = (0, 0)
        var retry: (token: Int, byte: Int)?
        while byte < name.count {
            if token < pattern.count, case .anyRun = pattern[token] {
                retry = (token, byte)
                token += 1
            } else if token < pattern.count, matches(pattern[token], name[byte]) {
                token += 1
                byte += 1
            } else if let last = retry {
                retry = (last.token, last.byte + 1)
                token = last.token + 1
                byte = last.byte + 1
            } else {
                return false
            }
        }
        return pattern[token...].allSatisfy { $0 == .anyRun }
    }

    private static func matches(_ token: Token, _ byte: UInt8) -> Bool {
        switch token {
        case .byte(let expected): expected == byte
        case .anyByte, .anyRun: true
        case .oneOf(let group): group.contains(byte)
        }
    }

    static func tokens(_ name: ArraySlice<UInt8>) -> [Token]? {
        var tokens: [Token] = []
        var rest = name
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "*"): if tokens.last != .anyRun { tokens.append(.anyRun) }
            case UInt8(ascii: "?"): tokens.append(.anyByte)
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                tokens.append(.byte(escaped))
            case UInt8(ascii: "["):
                guard let group = ByteClass(parsing: &rest) else { return nil }
                tokens.append(.oneOf(group))
            default: tokens.append(.byte(byte))
            }
        }
        return tokens
    }
}
