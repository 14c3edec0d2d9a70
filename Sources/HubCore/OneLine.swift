extension StringProtocol {
    /// The text without what would break its line, command a terminal or turn the direction of what follows: each such
    /// character is a space. What others called their files and branches is said to people like this (S37).
    package var onOneLine: String {
        String(String.UnicodeScalarView(unicodeScalars.map { Self.isMisleading($0) ? " " : $0 }))
    }

    /// Whether nothing in it would.
    package var isOnOneLine: Bool { unicodeScalars.allSatisfy { !Self.isMisleading($0) } }

    /// C0 and C1 controls, separators of lines and paragraphs, and marks of direction.
    private static func isMisleading(_ scalar: UnicodeScalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
