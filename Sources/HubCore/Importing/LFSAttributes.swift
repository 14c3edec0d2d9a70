/// Writes the `.gitattributes` lines that let git-lfs know which files are pointers.
enum LFSAttributes {
    private static let filter = "filter=lfs diff=lfs merge=lfs -text"

    /// The text of `.gitattributes` that covers `large` and nothing else.
    ///
    /// A whole extension gets one line when every file that has it is an LFS file; otherwise each path gets its own.
    /// - Parameter existing: the folder's own file, whose lines stay first.
    static func text(large: [String], small: [String], existing: String?) -> String {
        var lines =
            existing.map { $0.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init) }
            ?? []
        if lines.last == "" { lines.removeLast() }
        let smallExtensions = Set(small.compactMap(fileExtension))
        var added: Set<String> = []
        for path in large.sorted() {
            let pattern: String
            if let ending = fileExtension(path), !smallExtensions.contains(ending) {
                pattern = "*.\(ending)"
            } else {
                pattern = "/" + escaped(path)
            }
            let line = "\(pattern) \(filter)"
            if added.insert(line).inserted, !lines.contains(line) { lines.append(line) }
        }
        return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
    }

    /// A `.gitattributes` with a line more for each of these paths.
    static func lines(for paths: [String], after existing: [UInt8]) -> [UInt8] {
        var bytes = existing
        if let last = bytes.last, last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
        // With a slash in front the pattern is for this path alone, as the name without a folder is not.
        for path in Set(paths).sorted() { bytes += Array("/\(escaped(path)) \(filter)\n".utf8) }
        return bytes
    }

    private static func fileExtension(_ path: String) -> String? {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex, dot != name.index(before: name.endIndex) else {
            return nil
        }
        let ending = name[name.index(after: dot)...]
        let isPlain = ending.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || $0 == UInt8(ascii: "_")
                || $0 == UInt8(ascii: "-")
        }
        return isPlain ? String(ending) : nil
    }

    /// A path as a pattern that matches itself only (gitattributes has no quoting for spaces in patterns but this).
    private static func escaped(_ path: String) -> String {
        var text = ""
        // Scalars, not characters: a space stays one for git whatever mark follows it.
        for scalar in path.unicodeScalars {
            switch scalar {
            case " ", "\t", "\n", "\r", "\u{0B}", "\u{0C}": text += "[[:space:]]"
            case "*", "?", "[", "]", "\\", "!", "#": text += "\\\(scalar)"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
