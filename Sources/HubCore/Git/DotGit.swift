/// Which names a file system could take for `.git`, as git's own `is_ntfs_dotgit` and `is_hfs_dotgit` judge.
enum DotGit {
    /// Whether a name is `.git` in disguise.
    static func isTaken(forDotGit name: [UInt8]) -> Bool {
        if isWindowsSpelling(name[...]) { return true }
        // NTFS also reads a backslash as a separator, so each part behind one is judged by itself.
        if name.contains(UInt8(ascii: "\\")) {
            let parts = name.split(separator: UInt8(ascii: "\\"), omittingEmptySubsequences: false)
            if parts.contains(where: isWindowsSpelling) { return true }
        }
        return isAppleSpelling(name)
    }

    /// `.git` or `git~1` of any case, then nothing, dots and spaces, or a stream (`:`).
    private static func isWindowsSpelling(_ name: ArraySlice<UInt8>) -> Bool {
        let lowered = name.map(lowercased)
        let rest: ArraySlice<UInt8>
        if lowered.starts(with: ".git".utf8) {
            rest = lowered.dropFirst(4)
        } else if lowered.starts(with: "git~1".utf8) {
            rest = lowered.dropFirst(5)
        } else {
            return false
        }
        for byte in rest {
            if byte == UInt8(ascii: ":") || byte == UInt8(ascii: "\\") { return true }
            if byte != UInt8(ascii: "."), byte != UInt8(ascii: " ") { return false }
        }
        return true
    }

    /// `.git` of any case once the characters HFS+ ignores are gone.
    private static func isAppleSpelling(_ name: [UInt8]) -> Bool {
        let visible = String(decoding: name, as: UTF8.self).unicodeScalars.filter { !isIgnoredByApple($0) }
        return visible.count == 4
            && zip(visible, ".git".unicodeScalars).allSatisfy { $0.properties.lowercaseMapping == String($1) }
    }

    private static func isIgnoredByApple(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200C...0x200F, 0x202A...0x202E, 0x206A...0x206F, 0xFEFF: true
        default: false
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 0x20 : byte
    }
}
