/// A path inside a tree: relative, made of real names, safe to hand to git.
///
/// Refused are what `git fsck` refuses in a tree (`.git` in any spelling a file system could take for it: case, NTFS
/// short names and streams, invisible HFS+ characters), `.` and `..`, empty names and NUL. Equality is by bytes.
package struct GitPath: Sendable {
    /// The path, components separated by `/`.
    package let path: String

    /// The longest path taken, in bytes.
    package static let maximumByteCount = 4096

    /// Reads a path; nil when a tree may not hold it.
    package init?(_ path: String) {
        guard !path.isEmpty, path.utf8.count <= Self.maximumByteCount else { return nil }
        let components = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for component in components {
            guard !component.isEmpty, !component.contains(0) else { return nil }
            guard !component.elementsEqual(".".utf8), !component.elementsEqual("..".utf8) else { return nil }
            guard !DotGit.isTaken(forDotGit: Array(component)) else { return nil }
        }
        self.path = path
    }

    /// The names along the path, from the root.
    package var components: [String] { path.utf8.split(separator: UInt8(ascii: "/")).compactMap { String($0) } }

    /// The last name.
    package var name: String { components.last ?? path }

    /// The folder the path is in; nil at the root.
    package var parent: GitPath? {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        return GitPath(String(path[..<slash]))
    }
}

extension GitPath: Hashable {
    package static func == (left: GitPath, right: GitPath) -> Bool {
        left.path.utf8.elementsEqual(right.path.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in path.utf8 { hasher.combine(byte) }
    }
}

extension GitPath: CustomStringConvertible {
    package var description: String { path }
}
