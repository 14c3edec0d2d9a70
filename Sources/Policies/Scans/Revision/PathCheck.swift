/// What is wrong with the name of a file, wherever it would be written to.
enum PathCheck {
    private static let reserved: Set<String> = [
        "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1",
        "lpt2",
        "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
    ]

    /// - Returns: to be read after the path; nil when nothing is wrong.
    static func problem(_ path: String) -> String? {
        for scalar in path.unicodeScalars {
            switch scalar.value {
            case 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C:
                return "has a character that turns the direction of writing, so that it reads as another"
            case 0x200B...0x200D, 0x2060, 0xFEFF, 0x00AD, 0x180E, 0xE0000...0xE007F:
                return "has a character that is not seen"
            case 0..<0x20, 0x7F...0x9F: return "has a control character"
            case 0x5C: return "has a backslash, which is a separator elsewhere"
            default: continue
            }
        }
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            if part.isEmpty || part == "." || part == ".." { return "leads elsewhere" }
            if part.hasSuffix(".") || part.hasSuffix(" ") || part.hasPrefix(" ") {
                return "ends or begins with what other systems leave out"
            }
            let lower = part.lowercased()
            if lower == ".git" || lower == "git~1" { return "is written into the repository's own folder" }
            if reserved.contains(String(lower.prefix { $0 != "." })) { return "is the name of a device elsewhere" }
        }
        return nil
    }

    /// Whether a link leaves the tree that it is in.
    static func leavesTree(link path: String, target: String) -> Bool {
        if target.hasPrefix("/") || target.contains("\\") || target.contains("\0") || target.dropFirst().hasPrefix(":")
        {
            return true
        }
        var depth = path.split(separator: "/").count - 1
        for part in target.split(separator: "/") where part != "." {
            depth += part == ".." ? -1 : 1
            if depth < 0 { return true }
        }
        return false
    }
}
